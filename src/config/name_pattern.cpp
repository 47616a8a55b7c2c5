#include "config/name_pattern.hpp"

#include <array>
#include <re2/re2.h>

namespace ordain::config {
namespace {

constexpr auto keys = std::to_array<PatternKey>({
    {.name = "file", .pattern = &Naming::file},
    {.name = "table", .pattern = &Naming::table},
    {.name = "column", .pattern = &Naming::column},
    {.name = "index", .pattern = &Naming::index},
    {.name = "constraint", .pattern = &Naming::constraint},
    {.name = "primary_key", .pattern = &Naming::primary_key},
    {.name = "foreign_key", .pattern = &Naming::foreign_key},
    {.name = "unique", .pattern = &Naming::unique},
    {.name = "check", .pattern = &Naming::check},
});

/// What it finds fault with is for us to say, and not for it to print.
std::unique_ptr<re2::RE2> compiled(std::string_view expression) {
    return std::make_unique<re2::RE2>(re2::StringPiece(expression.data(), expression.size()),
                                      re2::RE2::Quiet);
}

void replace_all(std::string& text, std::string_view what, std::string_view by) {
    for (std::size_t at = text.find(what); at != std::string::npos;
         at = text.find(what, at + by.size())) {
        text.replace(at, what.size(), by);
    }
}

std::string literal(const std::string& text) {
    return re2::RE2::QuoteMeta(text);
}

} // namespace

std::span<const PatternKey> pattern_keys() {
    return keys;
}

std::optional<std::string> fault_of_pattern(std::string_view pattern) {
    const std::unique_ptr<re2::RE2> made =
        compiled(filled(pattern, {.table = "t", .columns = "c"}));
    if (made->ok()) return std::nullopt;
    return made->error();
}

std::string filled(std::string_view pattern, const Placeholders& with) {
    std::string expression(pattern);
    replace_all(expression, table_placeholder, literal(with.table));
    replace_all(expression, columns_placeholder, literal(with.columns));
    return expression;
}

NameMatcher::NameMatcher() = default;
NameMatcher::NameMatcher(NameMatcher&&) noexcept = default;
NameMatcher& NameMatcher::operator=(NameMatcher&&) noexcept = default;
NameMatcher::~NameMatcher() = default;

bool NameMatcher::matches(const std::string& expression, std::string_view name) {
    if (last_ == nullptr || last_->pattern() != expression) last_ = compiled(expression);
    return !last_->ok() || re2::RE2::FullMatch(re2::StringPiece(name.data(), name.size()), *last_);
}

} // namespace ordain::config
