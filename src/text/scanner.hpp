#pragma once

#include <cstdint>
#include <ordain/source.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace ordain::text {

/// One statement of a script.
struct ScannedStatement {
    Span span;       ///< From its first token to its last, without the ';'.
    Span terminator; ///< The ';', or empty: the script ends, or psql's \g sends the statement.
};

/// What is wrong with the text itself. The statement around it is kept, so that the parser reports
/// what the server would; a fault says where the cause is.
struct ScanFault {
    enum class Kind {
        unterminated_string,
        unterminated_quoted_identifier,
        unterminated_dollar_quote,
        unterminated_comment,
        unbalanced_parenthesis, ///< A ( without its ).
        unterminated_body,      ///< BEGIN ATOMIC without its END.
        nul_byte,
        invalid_utf8,    ///< The server says SQLSTATE 22021.
        byte_order_mark, ///< A driver sends it, and it sticks to the first word.
        psql_command,    ///< \command that no psql takes away; the first of a statement.
    };
    Kind kind = Kind::unterminated_string;
    Span span; ///< The quote, comment or parenthesis that opens and stays open, or the bad bytes.
    std::string message;
};

/// A comment, inside a statement or outside.
struct Comment {
    Span span;
};

/// Bytes that never reach the server, or that libpg_query could not read. The parser sees blanks in
/// their place; the original is the file's text of the span.
struct Mask {
    enum class Kind {
        byte_order_mark,
        psql_command,   ///< \set, \i, \g ... up to the line end; or the backslash of psql's \;
        copy_data,      ///< The lines after COPY ... FROM STDIN; with the line \. that ends them.
        string_comment, ///< A comment between the parts of a continued string. The server takes it
                        ///< as a blank; libpg_query's changed lexer does not.
        nul_byte,
    };
    Span span;
    Kind kind = Kind::byte_order_mark;
};

/// A script taken apart. Each list is ordered and its spans do not overlap. Every byte of the
/// section that is neither blank nor NUL lies in a statement, or else in exactly one terminator,
/// comment or mask. Comments and masks inside a statement are listed as well.
struct Scan {
    std::vector<ScannedStatement> statements;
    std::vector<Span> terminators; ///< Every ';' outside statements, those of empty ones included.
    std::vector<Comment> comments;
    std::vector<Mask> masks;
    std::vector<ScanFault> faults;
};

/// Splits a section of a file into statements, as psql does (psqlscan.l), in linear time. What only
/// psql understands is masked when psql is the file's client, and else left for the server. Unlike
/// psql it does not lose the rest of the script to a quote, comment or parenthesis that stays open:
/// there it goes on at the next line that begins with a statement's keyword after a ';'.
[[nodiscard]] Scan scan(const SourceFile& file, Span section);

/// The text of a statement that can be parsed: its bytes, and blanks for what is masked. As long as
/// the original, so that offsets hold. Refers to the file where nothing is masked.
class StatementText {
public:
    StatementText(const SourceFile& file, const Scan& scan, const ScannedStatement& statement);

    [[nodiscard]] std::string_view view() const { return masked_.empty() ? original_ : masked_; }

private:
    std::string_view original_;
    std::string masked_;
};

} // namespace ordain::text
