#include "lint/scan_faults.hpp"
#include "parse/newer_syntax.hpp"
#include "rules/rules.hpp"
#include "text/scanner.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ordain::rules {
namespace {

std::string message_about(const SyntaxFault& fault, const Settings& settings) {
    switch (fault.kind) {
    case SyntaxFault::Kind::syntax_error:
        return fmt::format("this is not read: the grammar is that of PostgreSQL {}, which says {}; "
                           "PostgreSQL {} may read it",
                           grammar_postgres, fault.message, settings.postgres);
    case SyntaxFault::Kind::too_deep:
    case SyntaxFault::Kind::too_large:
        return fmt::format("this is not read: the {}", fault.message);
    }
    return {};
}

void check_script(const PlanContext& context,
                  const Migration& migration,
                  const Script& script,
                  const std::vector<Statement>& statements,
                  Findings& findings) {
    const bool any = std::ranges::any_of(
        statements, [](const Statement& each) { return each.fault.has_value(); });
    if (!any) return;
    const SourceFile& file = context.sources.file(script.file);
    const text::Scan scan = text::scan(file, script.section);
    for (const Statement& statement : statements) {
        if (!statement.fault) continue;
        const bool grammar = statement.fault->kind == SyntaxFault::Kind::syntax_error;
        // Unclosed quotes and bad bytes are refused by every version.
        const bool damaged = grammar && !lint::faults_in(scan.faults, statement.span).empty();
        const bool certain = parse::is_certain(*statement.fault, file.text(statement.span),
                                               context.settings.postgres);
        if (damaged || certain) continue; // syntax-error reports it.
        Finding& finding =
            findings.add({.file = script.file, .span = statement.fault->span}, migration.ordinal,
                         message_about(*statement.fault, context.settings));
        finding.notes.push_back(
            {.message = "whatever it mentions is taken as unknown from here on", .where = {}});
    }
}

void check_plan(const PlanContext& context, Findings& findings) {
    for (std::size_t index = 0; index < context.plan.migrations.size(); ++index) {
        if (!context.selected[index]) continue;
        const Migration& migration = context.plan.migrations[index];
        const MigrationStatements& statements = context.statements[index];
        if (!migration.up.ignored) {
            check_script(context, migration, migration.up, statements.up, findings);
        }
        if (migration.down) {
            check_script(context, migration, *migration.down, statements.down, findings);
        }
    }
}

} // namespace

constinit const Rule unsupported_syntax{
    .id = "unsupported-syntax",
    .category = Category::validity,
    .severity = Severity::warning,
    .summary = "A statement is not read, so that nothing is known of what it does.",
    .why = R"(Statements are read by the grammar of PostgreSQL 15. Where the settings name a newer
server, a statement that this grammar refuses and that holds something that only newer ones read,
such as BY SOURCE, may be right or a mistake: which of the two is not known. What holds nothing of
the kind is a `syntax-error`. Statements that are nested deeper, or are longer, than is read are
not known either. Every name in such a statement counts as unknown afterwards, so that later
verdicts may be unknown as well.)",
    .fix = R"(Try the statement on a server of that version. Put it into a file of its own: then it
makes the verdict of no other migration doubtful than those that use what it names.)",
    .elsewhere = {},
    .bad = R"(-- postgres: 17
MERGE INTO accounts a USING fresh f ON a.id = f.id
    WHEN NOT MATCHED BY SOURCE THEN DELETE;)",
    .good = R"(-- postgres: 17
MERGE INTO accounts a USING fresh f ON a.id = f.id
    WHEN MATCHED THEN DELETE;)",
    .check_plan = check_plan,
};

} // namespace ordain::rules
