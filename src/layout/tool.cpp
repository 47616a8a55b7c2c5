#include "layout/tool.hpp"

#include <array>

namespace ordain::layout {
namespace {

constexpr std::array<const Tool*, 6> tools = {&diesel, &plain, &postgres_migrations,
                                              &prisma, &sqlx,  &supabase};

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

Commands commands_of(std::string_view layout, std::optional<Wrapping> own_runner) {
    const Tool* tool = find_tool(layout);
    const bool own = own_runner.value_or(Wrapping::script) != Wrapping::script;
    return tool == nullptr || (tool == &plain && own) ? Commands() : tool->commands;
}

HistoryHandling history_handling(std::string_view layout) {
    const Tool* tool = find_tool(layout);
    return tool == nullptr ? HistoryHandling() : tool->history;
}

DuplicateHandling duplicate_handling(std::string_view layout) {
    const Tool* tool = find_tool(layout);
    return tool == nullptr ? DuplicateHandling() : tool->duplicates;
}

std::string_view way_out_of_transaction(std::string_view layout) {
    const Tool* tool = find_tool(layout);
    return tool == nullptr ? plain.outside_transaction : tool->outside_transaction;
}

} // namespace ordain::layout
