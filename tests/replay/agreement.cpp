#include "replay/agreement.hpp"

#include "catalog/resolve.hpp"
#include "replay/replayed.hpp"
#include "support/postgres_server.hpp"

#include <fmt/core.h>
#include <gtest/gtest.h>
#include <map>
#include <ordain/catalog.hpp>
#include <string>
#include <vector>

namespace ordain::test {
namespace {

using Columns = std::map<std::string, std::string>;

struct Result {
    std::uint32_t statement = 0; ///< 0 when nothing was refused.
    std::string sqlstate;
    std::string message;
    Columns columns;
};

std::string show(const Result& result) {
    if (result.statement != 0)
        return fmt::format("{}: {} {}\n", result.statement, result.sqlstate, result.message);
    std::string text = "accepted\n";
    for (const auto& [column, type] : result.columns)
        text += fmt::format("  {} {}\n", column, type);
    return text;
}

Columns server_columns(Session& session) {
    const Answer answer = session.run(
        "SELECT n.nspname || '.' || c.relname || '.' || a.attname, format_type(a.atttypid, "
        "a.atttypmod) || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END || CASE WHEN "
        "a.atthasdef THEN ' default' ELSE '' END FROM pg_attribute a JOIN pg_class c ON c.oid = "
        "a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE a.attnum > 0 AND NOT "
        "a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'c') AND n.nspname !~ '^pg_' AND "
        "n.nspname <> 'information_schema'");
    Columns columns;
    for (const auto& row : answer.rows)
        columns[*row[0]] = *row[1];
    return columns;
}

/// A statement with the ';' behind it, as it is sent.
std::string_view sent_text(const Statement& statement, std::string_view sql) {
    const std::size_t next = sql.find_first_not_of(" \n", statement.span.end);
    const bool terminated = next != std::string_view::npos && sql[next] == ';';
    const std::size_t end = terminated ? next + 1 : statement.span.end;
    return sql.substr(statement.span.begin, end - statement.span.begin);
}

Result on_server(const std::vector<Statement>& statements, std::string_view sql) {
    PostgresServer& server = test::server();
    auto session = server.connect(server.empty_database());
    Result result;
    for (const Statement& statement : statements) {
        const Answer answer = session->run(std::string(sent_text(statement, sql)));
        if (answer.ok()) continue;
        result.statement = statement.number;
        result.sqlstate = answer.sqlstate;
        result.message = answer.message;
        return result;
    }
    EXPECT_TRUE(session->run("RESET ALL").ok());
    result.columns = server_columns(*session);
    return result;
}

Columns catalog_columns(const Catalog& catalog) {
    const catalog::SearchPath path;
    const catalog::Resolver resolver(catalog, path, catalog::World::closed);
    Columns columns;
    for (const Object* object : catalog.objects()) {
        if (object->kind != ObjectKind::column) continue;
        const auto& details = object->as<ColumnDetails>();
        std::string text = format_type(resolver, details.type);
        if (details.not_null) text += " not null";
        if (details.has_default) text += " default";
        columns[catalog::qualified_name(catalog, object->parent) + "." + object->name] = text;
    }
    return columns;
}

TEST_P(Agreement, FirstRefusalAndColumnsAreTheServers) {
    const std::string_view sql = GetParam().sql;
    const Replayed script(sql);
    const auto& answer = script.run.answer;
    ASSERT_NE(answer.verdict, Verdict::unknown) << answer.message;
    Result said;
    if (answer.verdict == Verdict::no) {
        said.statement = answer.statement;
        said.sqlstate = answer.sqlstate;
        said.message = answer.message;
    } else {
        said.columns = catalog_columns(script.catalog);
    }
    EXPECT_EQ(show(said), show(on_server(script.statements, sql))) << sql;
}

} // namespace
} // namespace ordain::test
