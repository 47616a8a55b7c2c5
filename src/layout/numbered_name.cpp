#include "layout/numbered_name.hpp"

#include "layout/file_name.hpp"
#include "text/letter_case.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>

namespace ordain::layout {
namespace {

using Suffix = NumberedName::Suffix;

constexpr std::array<std::string_view, 4> down_words = {"down", "rollback", "undo", "revert"};
constexpr std::string_view separators = "._- ";

/// Length of `2024-01-02`, with a time of four or six digits after it when there is one; else 0.
std::size_t date_length(std::string_view name) {
    constexpr std::string_view shape = "dddd-dd-dd";
    if (name.size() < shape.size()) return 0;
    for (std::size_t index = 0; index < shape.size(); ++index) {
        if (shape[index] == 'd' ? !is_digit(name[index]) : name[index] != '-') return 0;
    }
    std::string_view rest = name.substr(shape.size());
    if (!rest.empty() && is_digit(rest.front())) return 0;
    if (rest.empty() || std::string_view("-_T").find(rest.front()) == std::string_view::npos) {
        return shape.size();
    }
    rest.remove_prefix(1);
    const std::size_t time = leading_digits(rest).size();
    return time == 4 || time == 6 ? shape.size() + 1 + time : shape.size();
}

struct DirectionSuffix {
    Suffix suffix = Suffix::none;
    std::size_t length = 0; ///< With its separator.
    bool after_dot = false;
};

DirectionSuffix direction_suffix(std::string_view lower_stem) {
    const auto read = [&](std::string_view word, Suffix suffix) -> DirectionSuffix {
        if (!lower_stem.ends_with(word) || lower_stem.size() == word.size()) return {};
        const char separator = lower_stem[lower_stem.size() - word.size() - 1];
        if (std::string_view("._-").find(separator) == std::string_view::npos) return {};
        return {.suffix = suffix, .length = word.size() + 1, .after_dot = separator == '.'};
    };
    if (const DirectionSuffix up = read("up", Suffix::up); up.length > 0) return up;
    for (const std::string_view word : down_words) {
        if (const DirectionSuffix down = read(word, Suffix::down); down.length > 0) return down;
    }
    return {};
}

} // namespace

std::optional<NumberedName> parse_numbered_name(std::string_view name) {
    if (!ends_with_any_case(name, ".sql")) return std::nullopt;
    const std::string stem = text::lower_case(name.substr(0, name.size() - 4));
    const std::size_t date = date_length(stem);
    const std::size_t length = date > 0 ? date : leading_digits(stem).size();
    if (length == 0) return std::nullopt;
    if (stem.size() > length && separators.find(stem[length]) == std::string_view::npos) {
        return std::nullopt;
    }
    NumberedName result{.version = std::string(name.substr(0, length)), .digits = {}, .base = {}};
    std::ranges::copy_if(result.version, std::back_inserter(result.digits), is_digit);
    const DirectionSuffix direction = direction_suffix(stem);
    result.suffix = direction.suffix;
    result.suffix_after_dot = direction.after_dot;
    result.base = stem.substr(0, stem.size() - direction.length);
    result.named = result.base.find_first_not_of(separators, length) != std::string::npos;
    return result;
}

std::string base_of(std::string_view name) {
    std::string stem = text::lower_case(name);
    if (stem.ends_with(".sql")) stem.resize(stem.size() - 4);
    stem.resize(stem.size() - direction_suffix(stem).length);
    return stem;
}

bool is_name_of_down_folder(std::string_view name) {
    const std::string lower = text::lower_case(name);
    const std::string singular = lower.ends_with('s') ? lower.substr(0, lower.size() - 1) : lower;
    return std::ranges::find(down_words, singular) != down_words.end();
}

} // namespace ordain::layout
