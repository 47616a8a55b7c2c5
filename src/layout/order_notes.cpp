#include "layout/order_notes.hpp"

#include "layout/shown_path.hpp"

#include <algorithm>
#include <cstddef>
#include <fmt/format.h>
#include <string>

namespace ordain::layout {

LayoutNote note_on(LayoutNote::Severity severity,
                   const std::filesystem::path& path,
                   std::string_view message) {
    return {.severity = severity, .path = shown(path), .message = std::string(message)};
}

std::vector<LayoutNote> order_notes(const std::vector<Step>& steps,
                                    const std::filesystem::path& folder,
                                    std::string_view rule) {
    std::vector<std::string_view> names;
    names.reserve(steps.size());
    for (const Step& step : steps)
        names.push_back(step.id);
    std::ranges::sort(names);
    std::size_t count = 0;
    std::size_t first = 0;
    for (std::size_t index = 0; index < steps.size(); ++index) {
        if (steps[index].id == names[index]) continue;
        if (count == 0) first = index;
        ++count;
    }
    if (count == 0) return {};
    return {
        note_on(LayoutNote::Severity::warning, folder,
                fmt::format("the order is not that of a listing at {} of {} places: {}, so \"{}\" "
                            "runs where a listing shows \"{}\"",
                            count, steps.size(), rule, printable(steps[first].id),
                            printable(names[first])))};
}

std::vector<LayoutNote> duplicate_notes(const std::vector<Step>& steps,
                                        bool (*same)(const Step&, const Step&),
                                        std::string_view consequence) {
    std::vector<LayoutNote> notes;
    for (std::size_t index = 1; index < steps.size(); ++index) {
        const Step& step = steps[index];
        const Step& earlier = steps[index - 1];
        if (!same(earlier, step)) continue;
        notes.push_back(
            note_on(LayoutNote::Severity::error, step.up,
                    fmt::format("version {} is also that of \"{}\": {}", printable(step.version),
                                printable(earlier.id), consequence)));
    }
    return notes;
}

} // namespace ordain::layout
