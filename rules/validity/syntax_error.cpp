#include "lint/scan_faults.hpp"
#include "parse/newer_syntax.hpp"
#include "rules/rules.hpp"
#include "text/scanner.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <span>

namespace ordain::rules {
namespace {

bool is_syntax_error(const Statement& statement) {
    return statement.fault && statement.fault->kind == SyntaxFault::Kind::syntax_error;
}

bool is_encoding(const text::ScanFault& fault) {
    return fault.kind == text::ScanFault::Kind::invalid_utf8 ||
           fault.kind == text::ScanFault::Kind::nul_byte;
}

/// One script's faults, the scanner's and the grammar's, each cause once.
class ScriptFaults {
public:
    ScriptFaults(const PlanContext& context,
                 const Migration& migration,
                 const Script& script,
                 const std::vector<Statement>& statements,
                 Findings& findings)
        : context_(context),
          migration_(migration),
          script_(script),
          statements_(statements),
          findings_(findings),
          faults_(text::scan(context.sources.file(script.file), script.section).faults) {}

    void report() {
        for (const Statement& statement : statements_) {
            if (is_syntax_error(statement)) report_statement(statement);
        }
        report_encoding();
        for (const text::ScanFault& fault : faults_) {
            if (!is_encoding(fault) && !in_refused_statement(fault)) {
                add(fault.span, "42601", fault.message);
            }
        }
    }

private:
    Finding& add(Span span, std::string_view sqlstate, std::string_view message) {
        return findings_.add({.file = script_.file, .span = span}, migration_.ordinal,
                             fmt::format("a server refuses this with {}: {}", sqlstate, message));
    }

    void report_statement(const Statement& statement) {
        const SyntaxFault& fault = *statement.fault;
        const std::span<const text::ScanFault> causes = lint::faults_in(faults_, statement.span);
        const std::string_view text = context_.sources.file(script_.file).text(statement.span);
        // A newer server may read it: unsupported-syntax says so.
        if (causes.empty() && !parse::is_certain(fault, text, context_.settings.postgres)) return;
        Finding& finding = add(fault.span, fault.sqlstate, fault.message);
        for (const text::ScanFault& cause : causes) {
            if (cause.span == fault.span || is_encoding(cause)) continue;
            finding.notes.push_back({.message = cause.message,
                                     .where = Location{.file = script_.file, .span = cause.span}});
        }
        if (!context_.plan.sent_whole) return;
        finding.notes.push_back(
            {.message = "the runner sends the file as one string: nothing of it runs",
             .where = {}});
    }

    /// A file in another encoding has such bytes everywhere: they are one cause.
    void report_encoding() {
        const text::ScanFault* first = nullptr;
        std::size_t more = 0;
        for (const text::ScanFault& fault : faults_) {
            if (!is_encoding(fault) || in_refused_statement(fault)) continue;
            if (first == nullptr) {
                first = &fault;
            } else {
                ++more;
            }
        }
        if (first == nullptr) return;
        Finding& finding = add(first->span, "22021", first->message);
        if (more > 0) {
            finding.notes.push_back({.message = fmt::format("and at {} more place{} of this file",
                                                            more, more == 1 ? "" : "s"),
                                     .where = {}});
        }
        finding.instead = "save the file as UTF-8";
    }

    [[nodiscard]] bool in_refused_statement(const text::ScanFault& fault) const {
        const auto after = std::ranges::lower_bound(
            statements_, fault.span.end, {}, [](const Statement& each) { return each.span.begin; });
        if (after == statements_.begin()) return false;
        const Statement& statement = *std::prev(after);
        return is_syntax_error(statement) && fault.span.begin < statement.span.end;
    }

    const PlanContext& context_;
    const Migration& migration_;
    const Script& script_;
    const std::vector<Statement>& statements_;
    Findings& findings_;
    std::vector<text::ScanFault> faults_;
};

void check_plan(const PlanContext& context, Findings& findings) {
    for (std::size_t index = 0; index < context.plan.migrations.size(); ++index) {
        if (!context.selected[index]) continue;
        const Migration& migration = context.plan.migrations[index];
        const MigrationStatements& statements = context.statements[index];
        if (!migration.up.ignored) {
            ScriptFaults(context, migration, migration.up, statements.up, findings).report();
        }
        if (migration.down) {
            ScriptFaults(context, migration, *migration.down, statements.down, findings).report();
        }
    }
}

} // namespace

constinit const Rule syntax_error{
    .id = "syntax-error",
    .category = Category::validity,
    .severity = Severity::error,
    .summary = "A statement is not SQL that PostgreSQL reads.",
    .why = R"(The server's grammar refuses it, whatever the database holds. A runner that sends the
file as one string stops before anything of it runs; one that sends statement by statement stops at
this one, and what came before it may stay. Quotes and comments that are never closed, NUL bytes and
text that is not UTF-8 (22021) are refused as well. Statements are read by the server's own grammar,
that of PostgreSQL 15; each is read for itself, so that one mistake hides no other. Where the
settings name a newer server, a statement that holds nothing that came after version 15 is refused
by it too, if in other words; `unsupported-syntax` reports the others.)",
    .fix = R"(Correct the statement. The place is where the server noticed; the slip is there or
shortly before it.)",
    .elsewhere = R"(squawk syntax-error)",
    .bad = R"(CREATE TABLE accounts (id bigint PRIMARY KEY,);)",
    .good = R"(CREATE TABLE accounts (id bigint PRIMARY KEY);)",
    .check_plan = check_plan,
};

} // namespace ordain::rules
