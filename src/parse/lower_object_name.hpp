#pragma once

#include "parse/lowering.hpp"

#include <ordain/action.hpp>
#include <pg_query/pg_query.pb-c.h>
#include <string_view>

/// Objects as DROP, ALTER ... RENAME, OWNER TO, SET SCHEMA, COMMENT and GRANT name them.
namespace ordain::parse {

/// How an object is written, beside its kind.
struct ObjectNode {
    PgQuery__ObjectType type = PG_QUERY__OBJECT_TYPE__OBJECT_TYPE_UNDEFINED;
    const PgQuery__RangeVar* relation = nullptr; ///< Where the statement has one.
    const PgQuery__Node* object = nullptr;       ///< Likewise.
    std::string_view part; ///< The name of a part of `relation`, or the only name.
};

/// The kind that the statement's words say. ROUTINE says function.
[[nodiscard]] ObjectKind object_kind(PgQuery__ObjectType type);

/// Passes the words that name an object's kind, behind CREATE, ALTER, DROP or COMMENT ON.
void pass_kind(Locator& locator, PgQuery__ObjectType type);

/// The object whose first token is next; the locator then stands behind its last one.
[[nodiscard]] ObjectName lower_object_name(Lowering& lowering, const ObjectNode& node);

/// A function, procedure or aggregate with its arguments, whose first token is next.
[[nodiscard]] FunctionSignature lower_signature(Lowering& lowering,
                                                const PgQuery__ObjectWithArgs& node);

} // namespace ordain::parse
