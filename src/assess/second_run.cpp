#include "assess/second_run.hpp"

#include <fmt/format.h>

namespace ordain::assess {
namespace {

std::string destroyed_in_words(const std::vector<ObjectReference>& destroyed) {
    const std::string more =
        destroyed.size() > 1 ? fmt::format(" and {} more", destroyed.size() - 1) : std::string();
    return fmt::format("it raises no error, and destroys what {}{} hold{} by then",
                       describe(destroyed.front()), more, destroyed.size() > 1 ? "" : "s");
}

Answer about_rows(Verdict verdict, std::string message) {
    return {.verdict = verdict,
            .sqlstate = {},
            .message = std::move(message),
            .statement = 0,
            .where = {}};
}

} // namespace

Answer second_run_of(const RerunAnswer& rerun) {
    if (rerun.answer.verdict != Verdict::yes) return rerun.answer;
    switch (rerun.data) {
    case DataEffect::none:
    case DataEffect::same: break;
    case DataEffect::repeats:
        return about_rows(Verdict::no, "it raises no error, and changes rows once more");
    case DataEffect::destroys: return about_rows(Verdict::no, destroyed_in_words(rerun.destroyed));
    case DataEffect::unknown:
        return about_rows(Verdict::unknown,
                          "it raises no error; what it does to rows is not known");
    }
    return rerun.answer;
}

} // namespace ordain::assess
