#include <numeric>
#include <ordain/plan.hpp>

namespace ordain {

std::vector<std::size_t> all_migrations(const Plan& plan) {
    std::vector<std::size_t> all(plan.migrations.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    return all;
}

} // namespace ordain
