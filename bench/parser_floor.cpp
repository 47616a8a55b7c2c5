#include "bench/parser_floor.hpp"

#include <cstdint>
#include <pg_query.h>
#include <pg_query/pg_query.pb-c.h>

namespace ordain::bench {
namespace {

/// Parses one statement and throws the tree away; false for a syntax error.
bool parse_and_unpack(const std::string& statement) {
    const PgQueryProtobufParseResult result = pg_query_parse_protobuf(statement.c_str());
    const bool parsed = result.error == nullptr;
    if (parsed) {
        PgQuery__ParseResult* tree = pg_query__parse_result__unpack(
            nullptr, result.parse_tree.len,
            // The library hands out bytes as char.
            reinterpret_cast<const std::uint8_t*>(result.parse_tree.data));
        pg_query__parse_result__free_unpacked(tree, nullptr);
    }
    pg_query_free_protobuf_parse_result(result);
    return parsed;
}

} // namespace

Floor measure_floor(const std::vector<std::string>& statements) {
    Floor floor;
    const auto begin = std::chrono::steady_clock::now();
    for (const std::string& statement : statements) {
        if (!parse_and_unpack(statement)) ++floor.refused;
    }
    floor.time = std::chrono::steady_clock::now() - begin;
    return floor;
}

} // namespace ordain::bench
