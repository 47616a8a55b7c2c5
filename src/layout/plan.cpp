#include <numeric>
#include <ordain/plan.hpp>

namespace ordain {

Script whole_script(const SourceSet& sources, FileId file, Wrapping wrapping) {
    const auto size = static_cast<std::uint32_t>(sources.file(file).bytes().size());
    return {.file = file,
            .section = {.begin = 0, .end = size},
            .wrapping = wrapping,
            .directive = {},
            .ignored = false};
}

std::vector<std::size_t> all_migrations(const Plan& plan) {
    std::vector<std::size_t> all(plan.migrations.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    return all;
}

} // namespace ordain
