#include "parse/syntax_tree.hpp"

#include <cstddef>
#include <cstdint>
#include <pg_query.h>

namespace ordain::parse {
namespace {

/// Owns what pg_query_parse_protobuf returns.
class ParseResult {
public:
    explicit ParseResult(const std::string& text)
        : result_(pg_query_parse_protobuf(text.c_str())) {}
    ParseResult(const ParseResult&) = delete;
    ParseResult& operator=(const ParseResult&) = delete;
    ~ParseResult() { pg_query_free_protobuf_parse_result(result_); }

    [[nodiscard]] const PgQueryError* error() const { return result_.error; }
    [[nodiscard]] const PgQueryProtobuf& tree() const { return result_.parse_tree; }

private:
    PgQueryProtobufParseResult result_;
};

void* allocate(void* arena, std::size_t bytes) {
    return static_cast<Arena*>(arena)->allocate(bytes);
}

void keep(void* /*arena*/, void* /*piece*/) {}

} // namespace

SyntaxTree read_syntax_tree(std::string_view text, Arena& arena) {
    const ParseResult result{std::string(text)};
    SyntaxTree tree;
    if (const PgQueryError* error = result.error()) {
        tree.error = GrammarError{.message = error->message,
                                  .cursor = error->cursorpos,
                                  .in_scanner = std::string_view(error->filename) == "scan.l"};
        return tree;
    }
    ProtobufCAllocator allocator{.alloc = allocate, .free = keep, .allocator_data = &arena};
    const PgQuery__ParseResult* unpacked = pg_query__parse_result__unpack(
        &allocator, result.tree().len,
        reinterpret_cast<const std::uint8_t*>(result.tree().data)); // the API's own two byte types
    if (unpacked == nullptr) {
        tree.out_of_memory = true;
        return tree;
    }
    for (std::size_t i = 0; i < unpacked->n_stmts; ++i) {
        if (unpacked->stmts[i]->stmt != nullptr)
            tree.statements.push_back(unpacked->stmts[i]->stmt);
    }
    return tree;
}

} // namespace ordain::parse
