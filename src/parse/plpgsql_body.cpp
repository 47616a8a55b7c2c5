#include "parse/plpgsql_body.hpp"

#include "parse/statement_parser.hpp"
#include "text/lexer.hpp"

#include <algorithm>
#include <array>
#include <ordain/overloaded.hpp>
#include <span>
#include <utility>

namespace ordain::parse {
namespace {

namespace pl = plpgsql;
using pl::Sql;
using text::Token;

/// Blocks, branches and loops nested deeper are not read: what walks them recurses.
constexpr int max_depth = 100;

/// What stands in front of an expression when the grammar of SQL reads it.
constexpr std::string_view select_keyword = "SELECT ";
constexpr std::string_view cast_begin = "SELECT NULL::";

/// Reads the body token by token (pl_gram.y). The first thing that it does not understand ends it:
/// failed() stays true and nothing of what was read counts.
class BodyReader {
public:
    BodyReader(StatementParser& parser,
               std::string_view body,
               std::uint32_t base_offset,
               std::uint32_t number)
        : parser_(parser),
          body_(body),
          base_(base_offset),
          number_(number) {
        text::Lexer lexer(body, base_offset);
        Token token = lexer.next_code();
        for (; token.kind != Token::Kind::end; token = lexer.next_code())
            tokens_.push_back(token);
        tokens_.push_back(token);
    }

    PlpgsqlBody read() {
        auto block = std::make_shared<pl::Block>();
        while (is("#")) // #variable_conflict and other options
            next_ = std::min(next_ + 3, tokens_.size() - 1);
        block->label = label();
        *block = this->block(std::move(block->label));
        take_if(";");
        if (current().kind != Token::Kind::end) fail();
        if (failed_) return {};
        return {.block = std::move(block), .fault = std::move(fault_)};
    }

private:
    // ---- tokens
    [[nodiscard]] const Token& current() const { return tokens_[next_]; }
    [[nodiscard]] const Token& ahead(std::size_t distance) const {
        return tokens_[std::min(next_ + distance, tokens_.size() - 1)];
    }
    [[nodiscard]] std::string_view text_of(const Token& token) const {
        return body_.substr(token.span.begin - base_, token.span.size());
    }
    [[nodiscard]] bool is(const Token& token, std::string_view word) const {
        switch (token.kind) {
        case Token::Kind::word: return text::is_keyword(text_of(token), word);
        case Token::Kind::quoted_identifier:
        case Token::Kind::string:
        case Token::Kind::dollar_string:
        case Token::Kind::end: return false;
        default: return text_of(token) == word;
        }
    }
    [[nodiscard]] bool is(std::string_view word) const { return is(current(), word); }
    [[nodiscard]] static bool is_name(const Token& token) {
        return token.kind == Token::Kind::word || token.kind == Token::Kind::quoted_identifier;
    }
    void advance() {
        if (next_ + 1 < tokens_.size()) ++next_;
    }
    bool take_if(std::string_view word) {
        if (!is(word)) return false;
        advance();
        return true;
    }
    void take(std::string_view word) {
        if (!take_if(word)) fail();
    }
    void fail() {
        failed_ = true;
        next_ = tokens_.size() - 1;
    }
    Identifier name() {
        if (!is_name(current())) {
            fail();
            return {};
        }
        Identifier identifier{.text = text::identifier_text(current(), text_of(current())),
                              .span = current().span};
        advance();
        return identifier;
    }
    Identifier name_unless(std::string_view word) {
        return is_name(current()) && !is(word) ? name() : Identifier{};
    }

    /// The operators << and >> around a label.
    Identifier label() {
        if (!take_if("<<")) return {};
        Identifier identifier = name();
        take(">>");
        return identifier;
    }

    // ---- SQL
    /// Moves to the first of the words outside parentheses.
    void skip_to(std::span<const std::string_view> words) {
        int depth = 0;
        for (; current().kind != Token::Kind::end; advance()) {
            const bool ends =
                depth == 0 &&
                std::ranges::any_of(words, [this](std::string_view word) { return is(word); });
            if (ends) return;
            if (is("(") || is("[")) ++depth;
            if (is(")") || is("]")) --depth;
        }
        fail();
    }

    /// What stands from token `begin` to before the current one.
    [[nodiscard]] Span span_from(std::size_t begin) const {
        if (begin >= next_)
            return {.begin = tokens_[begin].span.begin, .end = tokens_[begin].span.begin};
        return {.begin = tokens_[begin].span.begin, .end = tokens_[next_ - 1].span.end};
    }
    [[nodiscard]] std::string_view bytes(Span span) const {
        return body_.substr(span.begin - base_, span.size());
    }

    Sql sql_with(std::string_view prefix, Span span, std::string_view suffix = {}) {
        if (failed_ || span.empty() || span.begin < prefix.size()) {
            fail();
            return {};
        }
        std::string text(prefix);
        text += bytes(span);
        text += suffix;
        Sql sql = parser_.parse(text, span.begin - static_cast<std::uint32_t>(prefix.size()),
                                number_, {});
        if (!prefix.empty()) {
            for (Action& action : sql.actions)
                action.span = span;
        }
        return placed(std::move(sql), span);
    }

    Sql placed(Sql sql, Span span) {
        sql.span = span;
        if (!sql.fault) return sql;
        if (sql.fault->kind != SyntaxFault::Kind::syntax_error) fail();
        if (!fault_)
            fault_ = StatementFault{.sqlstate = sql.fault->sqlstate,
                                    .message = sql.fault->message,
                                    .span = sql.fault->span};
        return sql;
    }

    /// An expression up to one of the words.
    Sql expression(std::initializer_list<std::string_view> words) {
        const std::size_t begin = next_;
        skip_to({words.begin(), words.size()});
        return sql_with(select_keyword, span_from(begin));
    }

    /// Expressions with commas between, up to one of the words.
    std::vector<Sql> expressions(std::initializer_list<std::string_view> words) {
        std::vector<std::string_view> ends(words);
        ends.emplace_back(",");
        std::vector<Sql> list;
        do {
            const std::size_t begin = next_;
            skip_to(ends);
            list.push_back(sql_with(select_keyword, span_from(begin)));
        } while (take_if(","));
        return list;
    }

    pl::Target target() {
        pl::Target target;
        target.names.push_back(name());
        while (take_if("."))
            target.names.push_back(name());
        while (take_if("[")) {
            target.element = true;
            static constexpr std::array<std::string_view, 1> end = {"]"};
            skip_to(end);
            take("]");
        }
        return target;
    }
    std::vector<pl::Target> targets() {
        std::vector<pl::Target> list;
        do
            list.push_back(target());
        while (take_if(","));
        return list;
    }

    // ---- declarations
    [[nodiscard]] bool at_type_end() const {
        return is(";") || is(":=") || is("=") || is("default") || is("collate") ||
               (is("not") && is(ahead(1), "null"));
    }

    void read_type(pl::Declaration& declaration) {
        const std::size_t begin = next_;
        int depth = 0;
        bool reference = false;
        while (current().kind != Token::Kind::end && (depth > 0 || !at_type_end())) {
            if (is("(")) ++depth;
            if (is(")")) --depth;
            if (is("%")) {
                reference = true;
                declaration.composite = is(ahead(1), "rowtype");
            }
            advance();
        }
        const Span span = span_from(begin);
        if (span.empty()) return fail();
        if (text::is_keyword(bytes(span), "record")) {
            declaration.composite = true;
            return;
        }
        if (reference) return;
        Sql sql = sql_with(cast_begin, span);
        if (sql.fault || sql.actions.empty()) return fail();
        auto* run = std::get_if<RunQuery>(&sql.actions.front().payload);
        const bool cast = run != nullptr && run->query.targets.size() == 1 &&
                          run->query.targets.front().expression.type != nullptr;
        if (!cast) return fail();
        declaration.type = std::move(*run->query.targets.front().expression.type);
    }

    /// CURSOR [(arguments)] FOR query.
    void read_cursor() {
        static constexpr std::array<std::string_view, 1> end = {";"};
        skip_to(end);
    }

    pl::Declaration declaration() {
        pl::Declaration declaration;
        declaration.name = name();
        if (take_if("alias")) {
            take("for");
            if (current().kind == Token::Kind::parameter) {
                advance();
            } else {
                declaration.alias_of = name();
            }
            take(";");
            return declaration;
        }
        take_if("constant");
        const bool cursor = is("cursor") || ((is("no") || is("scroll")) &&
                                             (is(ahead(1), "scroll") || is(ahead(1), "cursor")));
        if (cursor) {
            read_cursor();
        } else {
            read_type(declaration);
        }
        if (take_if("collate")) target();
        if (take_if("not")) {
            take("null");
            declaration.not_null = true;
        }
        if (take_if(":=") || take_if("=") || take_if("default"))
            declaration.value = expression({";"});
        take(";");
        return declaration;
    }

    pl::Block block(Identifier label) {
        pl::Block block;
        block.label = std::move(label);
        while (take_if("declare")) {
            while (!failed_ && !is("begin") && !is("declare"))
                block.declarations.push_back(declaration());
        }
        take("begin");
        block.body = statements();
        if (take_if("exception")) {
            while (take_if("when"))
                block.handlers.push_back(handler());
        }
        take("end");
        name_unless(";");
        return block;
    }

    pl::Handler handler() {
        pl::Handler handler;
        do {
            pl::Handler::Condition condition{.name = name(), .sqlstate = {}};
            if (condition.name.text == "sqlstate") {
                condition.sqlstate = text::string_value(current(), text_of(current())).value;
                advance();
            }
            handler.conditions.push_back(std::move(condition));
        } while (take_if("or"));
        take("then");
        handler.body = statements();
        return handler;
    }

    // ---- statements
    [[nodiscard]] bool at_list_end() const {
        return is("end") || is("else") || is("elsif") || is("elseif") || is("exception") ||
               is("when") || current().kind == Token::Kind::end;
    }

    std::vector<pl::Statement> statements() {
        std::vector<pl::Statement> list;
        if (++depth_ > max_depth) fail();
        while (!failed_ && !at_list_end())
            list.push_back(statement());
        --depth_;
        return list;
    }

    pl::Statement statement() {
        const std::size_t begin = next_;
        pl::Statement statement;
        Identifier label = this->label();
        if (is("declare") || is("begin")) {
            statement.form = block(std::move(label));
        } else if (is("loop") || is("while") || is("for") || is("foreach")) {
            statement.form = loop(std::move(label));
        } else if (!label.empty()) {
            fail();
        } else {
            read_simple(statement);
        }
        take(";");
        statement.span = span_from(begin);
        return statement;
    }

    void read_simple(pl::Statement& statement) {
        if (is_assignment()) {
            statement.form = assignment();
        } else if (take_if("if")) {
            statement.form = if_statement();
        } else if (take_if("case")) {
            statement.form = case_statement();
        } else if (is("exit") || is("continue")) {
            statement.form = leave();
        } else if (take_if("return")) {
            read_return(statement);
        } else if (take_if("raise")) {
            read_raise(statement);
        } else if (take_if("assert")) {
            statement.form = assertion();
        } else if (take_if("execute")) {
            statement.form = execute();
        } else if (take_if("perform")) {
            statement.form = pl::Run{.sql = expression({";"}), .discards = true};
        } else if (take_if("null")) {
            statement.form = pl::Nothing{};
        } else {
            read_other(statement);
        }
    }

    void read_other(pl::Statement& statement) {
        static constexpr std::array<std::string_view, 5> cursor_words = {"open", "fetch", "move",
                                                                         "close", "get"};
        static constexpr std::array<std::string_view, 1> end = {";"};
        const auto* const cursor =
            std::ranges::find_if(cursor_words, [this](std::string_view word) { return is(word); });
        if (cursor != cursor_words.end()) {
            skip_to(end);
            statement.form = pl::Unmodelled{.kind = std::string(*cursor)};
        } else if (is("commit") || is("rollback")) {
            skip_to(end);
            statement.form = pl::EndTransaction{};
        } else {
            statement.form = run();
        }
    }

    /// A name, its fields and subscripts, and then an assignment operator.
    [[nodiscard]] bool is_assignment() const {
        if (!is_name(current())) return false;
        std::size_t place = 1;
        int depth = 0;
        for (; ahead(place).kind != Token::Kind::end; ++place) {
            const Token& token = ahead(place);
            if (is(token, "[")) ++depth;
            if (depth > 0) {
                if (is(token, "]")) --depth;
                if (is(token, ";")) return false;
                continue;
            }
            if (is(token, ":=") || is(token, "=")) return true;
            const bool part = is(token, ".") || is(ahead(place - 1), ".");
            if (!part) return false;
        }
        return false;
    }

    pl::Assignment assignment() {
        pl::Assignment assignment;
        assignment.target = target();
        if (!take_if(":=")) take("=");
        assignment.value = expression({";"});
        return assignment;
    }

    pl::If if_statement() {
        pl::If statement;
        do {
            pl::Branch branch{.condition = expression({"then"}), .body = {}};
            take("then");
            branch.body = statements();
            statement.branches.push_back(std::move(branch));
        } while (take_if("elsif") || take_if("elseif"));
        if (take_if("else")) statement.otherwise = statements();
        take("end");
        take("if");
        return statement;
    }

    pl::Case case_statement() {
        pl::Case statement;
        if (!is("when")) statement.subject = expression({"when"});
        while (take_if("when")) {
            pl::Branch branch{.condition = expression({"then"}), .body = {}};
            take("then");
            branch.body = statements();
            statement.branches.push_back(std::move(branch));
        }
        if (take_if("else")) {
            statement.has_else = true;
            statement.otherwise = statements();
        }
        take("end");
        take("case");
        return statement;
    }

    pl::Loop loop(Identifier label) {
        pl::Loop loop;
        if (take_if("while")) {
            loop.kind = pl::Loop::Kind::while_;
            loop.inputs.push_back(expression({"loop"}));
        } else if (take_if("for")) {
            read_for(loop);
        } else if (take_if("foreach")) {
            read_foreach(loop);
        }
        loop.label = std::move(label);
        take("loop");
        loop.body = statements();
        take("end");
        take("loop");
        name_unless(";");
        return loop;
    }

    void read_for(pl::Loop& loop) {
        loop.variables = targets();
        take("in");
        if (take_if("execute")) {
            loop.kind = pl::Loop::Kind::dynamic;
            loop.inputs.push_back(expression({"using", "loop"}));
            if (take_if("using")) append(loop.inputs, expressions({"loop"}));
            return;
        }
        loop.reverse = take_if("reverse");
        const std::size_t begin = next_;
        static constexpr std::array<std::string_view, 2> ends = {"..", "loop"};
        skip_to(ends);
        if (is("..")) {
            loop.kind = pl::Loop::Kind::range;
            loop.inputs.push_back(sql_with(select_keyword, span_from(begin)));
            advance();
            loop.inputs.push_back(expression({"by", "loop"}));
            if (take_if("by")) loop.inputs.push_back(expression({"loop"}));
            return;
        }
        loop.kind = pl::Loop::Kind::query;
        loop.inputs.push_back(sql_with({}, span_from(begin)));
    }

    void read_foreach(pl::Loop& loop) {
        loop.kind = pl::Loop::Kind::array;
        loop.variables = targets();
        if (take_if("slice")) {
            loop.slice = true;
            advance();
        }
        take("in");
        take("array");
        loop.inputs.push_back(expression({"loop"}));
    }

    static void append(std::vector<Sql>& list, std::vector<Sql> more) {
        for (Sql& sql : more)
            list.push_back(std::move(sql));
    }

    pl::Leave leave() {
        pl::Leave leave;
        leave.again = is("continue");
        advance();
        if (!is(";")) leave.label = name_unless("when");
        if (take_if("when")) leave.condition = expression({";"});
        return leave;
    }

    void read_return(pl::Statement& statement) {
        static constexpr std::array<std::string_view, 1> end = {";"};
        if (is("next") || is("query")) {
            skip_to(end);
            statement.form = pl::Unmodelled{.kind = "RETURN NEXT"};
            return;
        }
        pl::Return leave;
        if (!is(";")) leave.value = expression({";"});
        statement.form = std::move(leave);
    }

    pl::Assert assertion() {
        pl::Assert assertion;
        assertion.condition = expression({",", ";"});
        if (take_if(",")) assertion.message = expression({";"});
        return assertion;
    }

    void read_raise(pl::Statement& statement) {
        pl::Raise raise;
        raise.sqlstate = "P0001";
        if (is(";")) {
            raise.again = true;
            statement.form = std::move(raise);
            return;
        }
        static constexpr std::array<std::string_view, 5> harmless = {"warning", "notice", "info",
                                                                     "log", "debug"};
        raise.error = std::ranges::none_of(harmless, [this](std::string_view w) { return is(w); });
        if (!raise.error || is("exception")) advance();
        read_raised(raise);
        statement.form = std::move(raise);
    }

    void read_raised(pl::Raise& raise) {
        const auto literal = [this] {
            return current().kind == Token::Kind::string ||
                   current().kind == Token::Kind::dollar_string;
        };
        if (literal()) {
            raise.format = text::string_value(current(), text_of(current())).value;
            advance();
            if (take_if(",")) raise.arguments = expressions({"using", ";"});
        } else if (take_if("sqlstate") && literal()) {
            raise.sqlstate = text::string_value(current(), text_of(current())).value;
            advance();
        } else if (!is("using")) {
            raise.condition = name();
        }
        if (take_if("using")) {
            raise.options = true;
            static constexpr std::array<std::string_view, 1> end = {";"};
            skip_to(end);
        }
    }

    pl::Execute execute() {
        pl::Execute execute;
        execute.command = expression({"into", "using", ";"});
        while (is("into") || is("using")) {
            if (take_if("into")) {
                execute.strict = take_if("strict");
                execute.into = targets();
            } else {
                advance();
                execute.arguments = expressions({"into", ";"});
            }
        }
        return execute;
    }

    /// INTO names variables, except behind INSERT and MERGE and in IMPORT FOREIGN SCHEMA.
    [[nodiscard]] bool at_into(std::size_t begin) const {
        return is("into") && next_ > begin && !is(tokens_[begin], "import") &&
               !is(tokens_[next_ - 1], "insert") && !is(tokens_[next_ - 1], "merge");
    }

    pl::Run run() {
        pl::Run run;
        const std::size_t begin = next_;
        Span into;
        int depth = 0;
        for (; current().kind != Token::Kind::end && (depth > 0 || !is(";")); advance()) {
            if (is("(")) ++depth;
            if (is(")")) --depth;
            if (!at_into(begin)) continue;
            const std::size_t into_begin = next_;
            advance();
            run.strict = take_if("strict");
            run.into = targets();
            into = span_from(into_begin);
            --next_; // the loop advances
        }
        const Span span = span_from(begin);
        run.sql = into.empty() ? sql_with({}, span) : without(span, into);
        return run;
    }

    /// Blanks keep the places of what stands behind them.
    Sql without(Span span, Span hole) {
        if (failed_) return {};
        std::string text(bytes(span));
        std::fill_n(text.begin() + (hole.begin - span.begin), hole.size(), ' ');
        Sql sql = parser_.parse(text, span.begin, number_, {});
        return placed(std::move(sql), span);
    }

    StatementParser& parser_;
    std::string_view body_;
    std::uint32_t base_;
    std::uint32_t number_;
    std::vector<Token> tokens_;
    std::size_t next_ = 0;
    std::optional<StatementFault> fault_;
    int depth_ = 0;
    bool failed_ = false;
};

} // namespace

PlpgsqlBody read_plpgsql_body(StatementParser& parser,
                              std::string_view body,
                              std::uint32_t base_offset,
                              std::uint32_t number) {
    return BodyReader(parser, body, base_offset, number).read();
}

} // namespace ordain::parse
