#include <numeric>
#include <ordain/plan.hpp>

namespace ordain {

std::string_view name_of(Wrapping wrapping) {
    switch (wrapping) {
    case Wrapping::explicit_block: return "explicit";
    case Wrapping::implicit_block: return "implicit";
    case Wrapping::each_statement: return "statement";
    case Wrapping::all_migrations: return "all";
    case Wrapping::script: return "script";
    }
    return "script";
}

std::vector<std::size_t> all_migrations(const Plan& plan) {
    std::vector<std::size_t> all(plan.migrations.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    return all;
}

} // namespace ordain
