#pragma once

#include <ordain/expression.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace ordain::parse {

/// One line of prefix notation that shows every field that is set: (kind value names operands ...).
/// A name without a place is preceded by a backtick. Good for comparing, not for reading as SQL.
[[nodiscard]] std::string dump(const Expression& expression);
[[nodiscard]] std::string dump(const TypeName& type);
[[nodiscard]] std::string dump(const FromItem& item);
[[nodiscard]] std::string dump(const Query& query);
[[nodiscard]] std::string dump(const QualifiedName& name);
[[nodiscard]] std::string dump(const Identifier& name);
[[nodiscard]] std::string dump(const SortKey& key);
[[nodiscard]] std::string dump(const Window& window);
[[nodiscard]] std::string dump(const Target& target);
[[nodiscard]] std::string dump(const CommonTableExpression& made);
[[nodiscard]] std::string dump(const std::vector<Expression>& row);

/// What of a query or expression lies where: called for each with its parent's span (empty at the
/// top). Types, names and expressions within are visited too.
struct PlaceVisitor {
    virtual void expression(const Expression& expression, Span parent) = 0;
    virtual void query(const Query& query, Span parent) = 0;
    virtual void name(const Identifier& name, Span parent) = 0;
    virtual void type(const TypeName& type, Span parent) = 0;
    virtual void item(const FromItem& item, Span parent) = 0;
    PlaceVisitor() = default;
    PlaceVisitor(const PlaceVisitor&) = delete;
    PlaceVisitor& operator=(const PlaceVisitor&) = delete;
    virtual ~PlaceVisitor() = default;
};
void visit(const Expression& expression, Span parent, PlaceVisitor& visitor);
void visit(const TypeName& type, Span parent, PlaceVisitor& visitor);
void visit(const FromItem& item, Span parent, PlaceVisitor& visitor);
void visit(const Query& query, Span parent, PlaceVisitor& visitor);

/// Collects the texts of all spans, outermost first, separated by " | "; "?" where the place is not
/// known. Q begins that of a query, T of a type, F of a FROM item.
class PlaceList : public PlaceVisitor {
public:
    explicit PlaceList(std::string_view text) : text_(text) {}

    void expression(const Expression& expression, Span /*parent*/) override {
        add("", expression.span);
    }
    void query(const Query& query, Span /*parent*/) override { add("Q ", query.span); }
    void name(const Identifier& /*name*/, Span /*parent*/) override {}
    void type(const TypeName& type, Span /*parent*/) override { add("T ", type.span); }
    void item(const FromItem& item, Span /*parent*/) override { add("F ", item.span); }

    [[nodiscard]] const std::string& list() const { return list_; }

private:
    void add(std::string_view prefix, Span span);

    std::string_view text_;
    std::string list_;
};

} // namespace ordain::parse
