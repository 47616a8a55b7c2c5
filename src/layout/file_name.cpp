#include "layout/file_name.hpp"

#include "text/letter_case.hpp"

#include <algorithm>
#include <cstddef>

namespace ordain::layout {
namespace {

std::string_view without_leading_zeros(std::string_view digits) {
    return digits.substr(std::min(digits.find_first_not_of('0'), digits.size()));
}

} // namespace

bool is_digit(char character) {
    return character >= '0' && character <= '9';
}

bool ends_with_any_case(std::string_view text, std::string_view lower_suffix) {
    return text.size() >= lower_suffix.size() &&
           std::ranges::equal(text.substr(text.size() - lower_suffix.size()), lower_suffix, {},
                              text::lower);
}

std::string_view leading_digits(std::string_view name) {
    return name.substr(0, name.find_first_not_of("0123456789"));
}

std::strong_ordering compare_numbers(std::string_view left, std::string_view right) {
    left = without_leading_zeros(left);
    right = without_leading_zeros(right);
    if (left.size() != right.size()) return left.size() <=> right.size();
    return left.compare(right) <=> 0;
}

std::string_view migration_stem(std::string_view name) {
    if (ends_with_any_case(name, ".sql")) name.remove_suffix(4);
    if (name.ends_with(".up")) name.remove_suffix(3);
    return name;
}

} // namespace ordain::layout
