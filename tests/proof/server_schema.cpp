#include "proof/server_schema.hpp"

#include <gtest/gtest.h>

namespace ordain::test {
namespace {

constexpr const char* schema_query = R"sql(
WITH mine AS (SELECT oid, nspname FROM pg_namespace
              WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'),
relation AS (SELECT c.*, n.nspname || '.' || c.relname AS name
             FROM pg_class c JOIN mine n ON n.oid = c.relnamespace)
SELECT 'schema ' || nspname FROM mine
UNION ALL
SELECT format('relation %s %s %s %s %s %s %s %s', name, relkind, relpersistence,
              relrowsecurity, relforcerowsecurity, relreplident, reloptions,
              CASE WHEN relkind IN ('v', 'm') THEN pg_get_viewdef(oid) END)
FROM relation WHERE relkind NOT IN ('i', 'I')
UNION ALL
SELECT format('column %s.%s %s %s %s %s %s %s %s %s', name, attname,
              format_type(atttypid, atttypmod), attstorage, attstattarget,
              attnotnull, pg_get_expr(adbin, adrelid), attidentity, attgenerated,
              attcollation::regcollation)
FROM pg_attribute a JOIN relation c ON c.oid = attrelid
LEFT JOIN pg_attrdef d ON adrelid = attrelid AND adnum = attnum
WHERE attnum > 0 AND NOT attisdropped AND relkind IN ('r', 'p', 'v', 'm', 'f', 'c')
UNION ALL
SELECT format('constraint %s.%s %s', coalesce(c.name, t.typname), conname,
              pg_get_constraintdef(k.oid))
FROM pg_constraint k JOIN mine n ON n.oid = connamespace
LEFT JOIN relation c ON c.oid = conrelid LEFT JOIN pg_type t ON t.oid = contypid
WHERE contype <> 't'
UNION ALL
SELECT 'index ' || pg_get_indexdef(oid) FROM relation WHERE relkind IN ('i', 'I')
UNION ALL
SELECT format('sequence %s %s %s %s %s %s %s', c.name, seqtypid::regtype, seqincrement, seqmin,
              seqmax, seqcycle, (SELECT format('%s.%s', refobjid::regclass, refobjsubid)
                                 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('a', 'i')
                                 AND d.refclassid = 'pg_class'::regclass))
FROM pg_sequence JOIN relation c ON c.oid = seqrelid
UNION ALL
SELECT 'function ' || pg_get_functiondef(p.oid) FROM pg_proc p JOIN mine n ON n.oid = pronamespace
WHERE prokind IN ('f', 'p')
UNION ALL
SELECT format('trigger %s %s', pg_get_triggerdef(t.oid), tgenabled) FROM pg_trigger t
WHERE NOT tgisinternal
UNION ALL
SELECT 'policy ' || pg_policies::text FROM pg_policies
UNION ALL
SELECT format('type %s.%s %s %s %s %s', nspname, typname, typtype,
              (SELECT string_agg(enumlabel, ',' ORDER BY enumsortorder) FROM pg_enum
               WHERE enumtypid = t.oid), typdefault, typnotnull)
FROM pg_type t JOIN mine n ON n.oid = typnamespace WHERE typtype IN ('e', 'd', 'r')
UNION ALL
SELECT format('owner %s %s', name, relowner::regrole) FROM relation
UNION ALL
SELECT format('privilege %s %s', name, p) FROM relation, aclexplode(
    coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner))) p
UNION ALL
SELECT format('privilege %s.%s %s', name, attname, p)
FROM pg_attribute a JOIN relation c ON c.oid = attrelid, aclexplode(attacl) p
UNION ALL
SELECT format('comment %s %s', pg_describe_object(classoid, objoid, objsubid), description)
FROM pg_description WHERE objoid >= 16384
ORDER BY 1)sql";

} // namespace

Answer run_in_transaction(Session& session, std::string_view sql) {
    EXPECT_TRUE(session.run("BEGIN").ok());
    Answer answer = session.run(std::string(sql));
    if (answer.ok()) {
        answer = session.run("COMMIT");
    } else {
        EXPECT_TRUE(session.run("ROLLBACK").ok());
    }
    EXPECT_TRUE(session.run("RESET ALL").ok());
    return answer;
}

std::vector<std::string> schema_of(Session& session) {
    const Answer answer = session.run(schema_query);
    EXPECT_EQ(answer.message, "");
    std::vector<std::string> lines;
    for (const auto& row : answer.rows)
        lines.push_back(row.front().value_or("null"));
    return lines;
}

} // namespace ordain::test
