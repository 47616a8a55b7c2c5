#include "lint/definitions.hpp"
#include "rules/rules.hpp"
#include "text/lexer.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>

namespace ordain::rules {
namespace {

using lint::Definition;

/// The first name of a text that the server takes for `kept`, as it is written; empty when there is
/// none.
std::string whole_name(std::string_view text, std::string_view kept) {
    text::Lexer lexer(text);
    for (text::Token token = lexer.next_code(); token.kind != text::Token::Kind::end;
         token = lexer.next_code()) {
        const bool name = token.kind == text::Token::Kind::word ||
                          token.kind == text::Token::Kind::quoted_identifier;
        if (!name || token.span.size() < kept.size()) continue;
        if (text::identifier_text(token, lexer.text_of(token)) != kept) continue;
        return text::whole_identifier_text(token, lexer.text_of(token));
    }
    return {};
}

bool has_name(const Catalog& catalog, const Object& object, const Definition& made) {
    if (object.name != made.name || name_space_of(object.kind) != made.space) return false;
    const Object* parent = catalog.find(object.parent);
    const Object* schema = catalog.find(object.schema);
    const bool same_parent =
        made.container.empty() || (parent != nullptr && parent->name == made.container);
    const bool same_schema = made.schema.empty() || schema == nullptr || !made.container.empty() ||
                             schema->name == made.schema;
    return same_parent && same_schema;
}

/// Something else that has the same name, by its own or because that was cut as well.
struct Namesake {
    std::string whole;
    Location where;
};

std::optional<Namesake>
namesake_of(const ActionContext& context, const Definition& made, std::string_view whole) {
    const Outcome& outcome = context.outcome;
    for (const Object* object : context.catalog.objects()) {
        const Origin& named = object->named;
        if (!has_name(context.catalog, *object, made) || named.migration == 0) continue;
        const bool in_the_way = outcome.status == Outcome::Status::skipped ||
                                outcome.status == Outcome::Status::refused ||
                                std::ranges::count(outcome.targets, object->id) > 0;
        if (!in_the_way) continue;
        const FileId file = context.plan.migrations[named.migration - 1].up.file;
        std::string other = whole_name(context.sources.file(file).text(named.span), made.name);
        if (other.empty() || other == whole) continue;
        return Namesake{.whole = std::move(other), .where = {.file = file, .span = named.span}};
    }
    return std::nullopt;
}

std::string_view consequence(Outcome::Status status) {
    switch (status) {
    case Outcome::Status::skipped: return "nothing is made here";
    case Outcome::Status::refused: return "the second is refused";
    case Outcome::Status::done:
    case Outcome::Status::unknown: return "the second replaces the first";
    }
    return {};
}

void report_cut(const Definition& made, const std::string& whole, Findings& findings) {
    findings
        .add(
            made.where.span,
            fmt::format("the name has {} bytes, and the server cuts it to \"{}\" with no more than "
                        "a notice",
                        whole.size(), made.name))
        .instead = "a name of at most 63 bytes";
}

void report_collision(const ActionContext& context,
                      const Definition& made,
                      const std::string& whole,
                      const Namesake& namesake,
                      Findings& findings) {
    Finding& finding = findings.add(
        made.where.span,
        fmt::format(R"(the server keeps the same 63 bytes of "{}" and "{}", so that {})",
                    namesake.whole, whole, consequence(context.outcome.status)));
    finding.severity = Severity::error;
    finding.notes.push_back({.message = "the other is made here", .where = namesake.where});
    finding.instead = "names that differ within their first 63 bytes";
}

void check(const ActionContext& context, Findings& findings) {
    const SourceFile& file = context.sources.file(context.migration.up.file);
    Span reported;
    for (const Definition& made : lint::definitions_in(context.action)) {
        // A table's name is that of its type as well.
        if (made.where.span.size() <= made.name.size() || made.where.span == reported) continue;
        const std::string whole = whole_name(file.text(made.where.span), made.name);
        if (whole.size() <= made.name.size()) continue;
        reported = made.where.span;
        if (const std::optional<Namesake> namesake = namesake_of(context, made, whole)) {
            report_collision(context, made, whole, *namesake, findings);
        } else if (context.outcome.status != Outcome::Status::refused) {
            report_cut(made, whole, findings);
        }
    }
}

} // namespace

constinit const Rule identifier_truncated{
    .id = "identifier-truncated",
    .category = Category::naming,
    .severity = Severity::warning,
    .summary = "A name is longer than the server keeps.",
    .why = R"(PostgreSQL keeps the first 63 bytes of a name and says no more than a notice (manual,
4.1.1). SQL that writes the long name goes on to work, because it is cut there too; what compares
names as text does not: a guard that asks `information_schema` or `pg_indexes` for the long name
never finds it, and neither does an ORM, a generated client or a backup script.

Two long names that differ only behind the 63rd byte are the same name: the second is refused, or,
with `IF NOT EXISTS`, passed over without an error, or, with `OR REPLACE`, takes the place of the
first. That is an error.)",
    .fix = R"(Choose a name of at most 63 bytes; letters that are not ASCII have more than one.)",
    .elsewhere = {},
    .bad = R"(CREATE TABLE measurements_of_every_sensor_in_every_building_of_the_company_by_hour (
    id bigint PRIMARY KEY
);)",
    .good = R"(CREATE TABLE measurements_of_every_sensor_in_every_building_by_hour (
    id bigint PRIMARY KEY
);)",
    .check = check,
};

} // namespace ordain::rules
