#include "place_check.hpp"

#include "parse/lower_expression.hpp"
#include "parse/syntax_tree.hpp"

#include <cctype>
#include <utility>

namespace ordain::parse {
namespace {

using Kind = Expression::Kind;

Expression parse_expression(const std::string& sql) {
    Query query = parse_query("SELECT " + sql);
    if (query.targets.size() != 1 || !query.targets[0].alias.empty()) return {};
    return std::move(query.targets[0].expression);
}

bool is_word(std::string_view text) {
    return !text.empty() && text.find('\'') == std::string_view::npos &&
           (text[0] == '"' || std::isalpha(static_cast<unsigned char>(text[0])) != 0);
}

/// What the grammar made of a keyword, or leaves no trace of: the year of EXTRACT, the fields of an
/// interval type, LIMIT ALL, the star of TABLE.
bool is_keyword_constant(const Expression& expression, std::string_view text) {
    switch (expression.kind) {
    case Kind::string_constant:
    case Kind::integer_constant: return is_word(text);
    case Kind::null_constant: return text.size() == 3;
    case Kind::column_reference: return expression.star && expression.names.empty() && text != "*";
    default: return false;
    }
}

/// Constants and casts that the grammar adds have no place.
bool may_lack_place(const Expression& expression) {
    return expression.kind == Kind::integer_constant || expression.kind == Kind::null_constant ||
           expression.kind == Kind::boolean_constant;
}

/// Stands only with its parent, not always inside (INTERVAL '1' DAY): x ESCAPE y, name => x,
/// DEFAULT, the int4 cast of SUBSTRING.
bool depends_on_parent(const Expression& expression, std::string_view text) {
    const bool escape = expression.names.size() == 2 && expression.names[0].span.empty() &&
                        expression.names[1].text.ends_with("_escape");
    const bool added_cast = expression.type && expression.type->span.empty();
    return escape || added_cast || expression.kind == Kind::named_argument ||
           expression.kind == Kind::set_to_default || text.starts_with("CURRENT OF") ||
           is_keyword_constant(expression, text) ||
           expression.sublink == Expression::Sublink::row_compare;
}

Expression parse_again(const Expression& expression, const std::string& text) {
    if (expression.kind == Kind::grouping && expression.value != "function") {
        Query query = parse_query("SELECT 1 GROUP BY " + text);
        return query.group_by.empty() ? Expression{} : std::move(query.group_by[0]);
    }
    if (expression.kind == Kind::array_constructor && text.starts_with("["))
        return parse_expression("ARRAY" + text);
    return parse_expression(text);
}

} // namespace

Query parse_query(std::string_view text) {
    Arena arena;
    const SyntaxTree tree = read_syntax_tree(text, arena);
    if (tree.statements.size() != 1) return {};
    return ExpressionLowering(0, text).query(tree.statements[0]);
}

void PlaceCheck::fault(const std::string& what, std::string_view found) {
    faults_.push_back(what + " @ " + std::string(found));
}

void PlaceCheck::within(Span span, Span parent, const std::string& what) {
    if (span.empty() || parent.empty()) return;
    if (span.begin < parent.begin || span.end > parent.end)
        fault("outside of [" + std::string(text(parent)) + "]: " + what, text(span));
}

void PlaceCheck::expression(const Expression& expression, Span parent) {
    const std::string found(text(expression.span));
    const std::string expected = dump(expression);
    if (found.empty()) {
        if (!may_lack_place(expression)) fault("no place: " + expected, "");
        return;
    }
    if (depends_on_parent(expression, found)) return;
    if (text(parent) != "interval") within(expression.span, parent, expected);
    ++reparsed_;
    const Expression again = parse_again(expression, found);
    // NOT IN is a NOT around an IN at the same place.
    const bool negated = again.kind == Kind::not_expression && again.operands.size() == 1 &&
                         dump(again.operands[0]) == expected;
    if (dump(again) != expected && !negated) fault(expected + " is not " + dump(again), found);
}

void PlaceCheck::query(const Query& query, Span parent) {
    const std::string found(text(query.span));
    if (found.empty()) return fault("no place: " + dump(query), "");
    within(query.span, parent, dump(query));
    ++reparsed_;
    const std::string again = dump(parse_query(found));
    if (again != dump(query)) fault(dump(query) + " is not " + again, found);
}

void PlaceCheck::name(const Identifier& name, Span parent) {
    if (name.span.empty()) return;
    within(name.span, parent, name.text);
    const TokenTable tokens(0, text(name.span));
    if (tokens.size() == 1 && tokens.names(0, name.text)) return;
    if (parent != keyword_type_) fault("not the name " + name.text, text(name.span));
}

void PlaceCheck::type(const TypeName& type, Span parent) {
    const std::string found(text(type.span));
    if (found.empty()) return;
    within(type.span, parent, dump(type));
    if (type.name.schema.text == "pg_catalog" && type.name.schema.span.empty())
        keyword_type_ = type.span;
    // INTERVAL '1' SECOND (2) has its modifiers apart; char 'x' has none, where x::char has one.
    const bool constant = (found == "interval" && !type.modifiers.empty()) ||
                          (found == "char" && type.modifiers.empty());
    if (type.percent_type || type.setof || constant) return;
    ++reparsed_;
    const Expression again = parse_expression("NULL::" + found);
    if (!again.type || dump(*again.type) != dump(type)) fault(dump(type) + " is not a type", found);
}

void PlaceCheck::item(const FromItem& item, Span parent) {
    const std::string found(text(item.span));
    if (found.empty()) return fault("no place: " + dump(item), "");
    within(item.span, parent, dump(item));
    ++reparsed_;
    const Query again = parse_query("SELECT * FROM " + found);
    if (again.from.size() != 1 || dump(again.from[0]) != dump(item))
        fault(dump(item) + " is not " + dump(again), found);
}

} // namespace ordain::parse
