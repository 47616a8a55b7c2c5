#pragma once

#include "expression_dump.hpp"

#include <ordain/expression.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace ordain::parse {

/// Holds every place against the text: a name's tokens fold to the name; an expression, query, type
/// or FROM item lies within its parent, and its text alone parses to the same thing again.
class PlaceCheck : public PlaceVisitor {
public:
    explicit PlaceCheck(std::string_view text) : text_(text) {}

    void expression(const Expression& expression, Span parent) override;
    void query(const Query& query, Span parent) override;
    void name(const Identifier& name, Span parent) override;
    void type(const TypeName& type, Span parent) override;
    void item(const FromItem& item, Span parent) override;

    /// One line for each place that is wrong.
    [[nodiscard]] const std::vector<std::string>& faults() const { return faults_; }
    /// How many texts were parsed again.
    [[nodiscard]] int reparsed() const { return reparsed_; }

private:
    [[nodiscard]] std::string_view text(Span span) const {
        return span.empty() ? std::string_view{} : text_.substr(span.begin, span.size());
    }
    void within(Span span, Span parent, const std::string& what);
    void fault(const std::string& what, std::string_view found);

    std::string_view text_;
    std::vector<std::string> faults_;
    Span keyword_type_; ///< The type visited last, if its name is no token's text (`int`).
    int reparsed_ = 0;
};

/// The query of a text that is nothing but one, `kind` unsupported when it does not parse.
[[nodiscard]] Query parse_query(std::string_view text);

} // namespace ordain::parse
