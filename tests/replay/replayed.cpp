#include "replay/replayed.hpp"

#include "parse/parser.hpp"

#include <ordain/plan.hpp>
#include <string>

namespace ordain::test {

Replayed::Replayed(std::string_view sql) {
    const FileId file = sources.add("script.sql", std::string(sql));
    const Span whole{.begin = 0, .end = static_cast<std::uint32_t>(sql.size())};
    statements = parse::parse_script(sources.file(file), whole).statements;
    replay::Database database{
        .catalog = catalog, .assumed = {}, .pending_drops = {}, .cleared = {}};
    Migration migration;
    migration.ordinal = 1;
    migration.up = {.file = file, .section = whole, .wrapping = Wrapping::script, .directive = {}};
    run = replay::run_script(database,
                             {.migration = migration,
                              .script = migration.up,
                              .statements = statements,
                              .source = sources.file(file),
                              .sent_whole = false},
                             nullptr);
}

} // namespace ordain::test
