#include "layout/tool.hpp"

#include <array>

namespace ordain::layout {
namespace {

constexpr std::array<const Tool*, 5> tools = {&diesel, &plain, &postgres_migrations, &prisma,
                                              &sqlx};

} // namespace

std::span<const Tool* const> all_tools() {
    return tools;
}

const Tool* find_tool(std::string_view name) {
    for (const Tool* tool : tools) {
        if (tool->name == name) return tool;
    }
    return nullptr;
}

} // namespace ordain::layout
