#include "parse/plpgsql_body.hpp"

#include "parse/plpgsql_declarations.hpp"
#include "parse/plpgsql_scope.hpp"
#include "parse/plpgsql_source.hpp"
#include "parse/plpgsql_surroundings.hpp"
#include "parse/plpgsql_targets.hpp"
#include "text/keywords.hpp"
#include "text/letter_case.hpp"
#include "text/lexer.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <span>
#include <utility>

namespace ordain::parse {
namespace {

namespace pl = plpgsql;
using pl::Sql;
using text::Token;
using Construct = PlpgsqlSource::Construct;
using Level = PlpgsqlScope::Level;

/// Blocks, branches and loops nested deeper are not read: what walks them recurses.
constexpr int max_depth = 100;

constexpr std::string_view syntax_error_state = "42601";

bool is_no_column_name(std::string_view word) {
    const std::optional<text::KeywordCategory> category = text::keyword_category(word);
    return category == text::KeywordCategory::reserved ||
           category == text::KeywordCategory::type_function;
}

/// Reads a body in the order in which a server compiles it (pl_gram.y), and refuses what needs no
/// catalog to be refused.
class BodyReader {
public:
    /// `function` is null for a DO block.
    BodyReader(StatementParser& parser, const PlpgsqlText& body, const CreateFunction* function)
        : source_(parser, body.text, body.base_offset, body.number),
          targets_(source_,
                   scope_,
                   function == nullptr ? PlpgsqlTargets::Purpose::run
                                       : PlpgsqlTargets::Purpose::check),
          declarations_(source_, scope_),
          return_(function == nullptr ? surround_block(scope_)
                                      : surround_function(source_, scope_, *function)) {}

    PlpgsqlBody read() {
        auto block = std::make_shared<pl::Block>();
        while (source_.take_if("#"))
            read_option();
        Identifier label = this->label();
        if (!is("declare") && !is("begin")) source_.syntax_error();
        *block = this->block(std::move(label));
        source_.take_if(";");
        if (!tokens_.at_end()) source_.syntax_error();
        return source_.finish(std::move(block));
    }

private:
    [[nodiscard]] bool is(std::string_view word) const { return tokens_.is(word); }
    [[nodiscard]] PlpgsqlName name() const { return targets_.name(); }
    [[nodiscard]] Span here() const { return tokens_.current().span; }

    /// #variable_conflict and its like.
    void read_option() {
        const auto one_of = [this](std::initializer_list<std::string_view> words) {
            const PlpgsqlName name = this->name();
            const bool found = std::ranges::any_of(
                words, [&](std::string_view word) { return is(word) && name.tokens == 1; });
            if (!found) return false;
            tokens_.advance();
            return true;
        };
        if (one_of({"option"})) {
            if (!one_of({"dump"})) source_.syntax_error();
        } else if (one_of({"variable_conflict"})) {
            if (!one_of({"error", "use_variable", "use_column"})) source_.syntax_error();
        } else if (one_of({"print_strict_params"})) {
            const PlpgsqlName value = name();
            if (!value.is_any_identifier()) return source_.syntax_error();
            if (value.text() != "on" && value.text() != "off")
                return source_.refuse(
                    "XX000", "unrecognized print_strict_params option " + value.text(), here());
            tokens_.advance();
        } else {
            source_.syntax_error();
        }
    }

    // ---- labels
    Identifier any_identifier() {
        const PlpgsqlName name = this->name();
        if (!name.is_any_identifier()) {
            source_.syntax_error();
            return {};
        }
        tokens_.advance();
        return name.names.front();
    }

    /// The operators << and >> around a label.
    Identifier label() {
        if (!source_.take_if("<<")) return {};
        Identifier identifier = any_identifier();
        source_.take(">>");
        return identifier;
    }

    Identifier optional_label() {
        return name().is_any_identifier() ? any_identifier() : Identifier{};
    }

    void check_end_label(const Identifier& label, const Identifier& end) {
        if (end.empty() || label.text == end.text) return;
        std::string message = "end label \"" + end.text + "\" ";
        message += label.empty() ? "specified for unlabeled block"
                                 : "differs from block's label \"" + label.text + "\"";
        source_.refuse(syntax_error_state, std::move(message), end.span);
    }

    // ---- blocks
    pl::Block block(Identifier label) {
        pl::Block block;
        scope_.push(label.text, Level::block);
        block.label = std::move(label);
        if (source_.take_if("declare")) block.declarations = declarations_.read();
        source_.take("begin");
        block.body = statements();
        if (source_.take_if("exception")) {
            declarations_.declare_error_variables();
            do
                block.handlers.push_back(handler());
            while (is("when"));
        }
        source_.take("end");
        check_end_label(block.label, optional_label());
        scope_.pop();
        return block;
    }

    std::string sqlstate_code() {
        if (!tokens_.is_string()) {
            source_.syntax_error();
            return {};
        }
        constexpr std::size_t length = 5;
        std::string code =
            text::string_value(tokens_.current(), tokens_.text_of(tokens_.current())).value;
        const bool valid = code.size() == length && std::ranges::all_of(code, [](char c) {
                               return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
                           });
        if (!valid) source_.refuse_here("invalid SQLSTATE code");
        tokens_.advance();
        return code;
    }

    pl::Handler handler() {
        source_.take("when");
        pl::Handler handler;
        do {
            pl::Handler::Condition condition{.name = any_identifier(), .sqlstate = {}};
            if (condition.name.text == "sqlstate") condition.sqlstate = sqlstate_code();
            if (!source_.ended()) handler.conditions.push_back(std::move(condition));
        } while (source_.take_if("or"));
        source_.take("then");
        handler.body = statements();
        return handler;
    }

    // ---- statements
    [[nodiscard]] bool at_list_end() const {
        if (tokens_.at_end()) return true;
        const PlpgsqlName first = tokens_.first_name(scope_);
        if (first.kind == PlpgsqlName::Kind::keyword)
            return is("elsif") || is("elseif") || is("exception");
        return first.kind == PlpgsqlName::Kind::none && (is("end") || is("else") || is("when"));
    }

    std::vector<pl::Statement> statements() {
        std::vector<pl::Statement> list;
        if (++depth_ > max_depth) source_.give_up();
        while (!source_.ended() && !at_list_end())
            list.push_back(statement());
        --depth_;
        return list;
    }

    pl::Statement statement() {
        const PlpgsqlTokens::Index begin = tokens_.place();
        pl::Statement statement;
        const bool labelled = is("<<");
        Identifier label = this->label();
        if (is("declare") || is("begin")) {
            statement.form = block(std::move(label));
            source_.take(";");
        } else if (is("loop") || is("while") || is("for") || is("foreach")) {
            statement.form = loop(std::move(label));
        } else if (labelled) {
            source_.syntax_error();
        } else {
            read_simple(statement);
        }
        statement.span = tokens_.span(begin, tokens_.place());
        return statement;
    }

    /// A statement that begins with a variable, a keyword, or with what only SQL knows.
    void read_simple(pl::Statement& statement) {
        const PlpgsqlName first = tokens_.first_name(scope_);
        switch (first.kind) {
        case PlpgsqlName::Kind::variable: statement.form = assignment(first); return;
        case PlpgsqlName::Kind::keyword: read_keyword(statement); return;
        case PlpgsqlName::Kind::word:
        case PlpgsqlName::Kind::composite: {
            const Token& next = tokens_.ahead(first.tokens);
            const bool assigned =
                tokens_.is(next, ":=") || tokens_.is(next, "=") || next.is('[') || next.is('.');
            if (assigned) return targets_.refuse_unknown(first);
            statement.form = run();
            return;
        }
        case PlpgsqlName::Kind::none: break;
        }
        if (source_.take_if("if")) {
            statement.form = if_statement();
        } else if (source_.take_if("case")) {
            statement.form = case_statement();
        } else if (source_.take_if("execute")) {
            statement.form = execute();
        } else if (source_.take_if("null")) {
            source_.take(";");
            statement.form = pl::Nothing{};
        } else {
            source_.syntax_error();
        }
    }

    void read_keyword(pl::Statement& statement) {
        if (is("exit") || is("continue")) {
            statement.form = leave();
        } else if (source_.take_if("return")) {
            read_return(statement);
        } else if (source_.take_if("raise")) {
            statement.form = raise();
        } else if (source_.take_if("assert")) {
            statement.form = assertion();
        } else if (is("perform")) {
            read_perform(statement);
        } else if (source_.take_if("get")) {
            statement.form = diagnostics();
        } else if (is("commit") || is("rollback")) {
            statement.form = end_transaction();
        } else if (is("call") || is("do")) {
            statement.form = pl::Run{.sql = source_.statement()};
            source_.take_if(";");
        } else if (is("insert") || is("merge") || is("import")) {
            statement.form = run();
        } else {
            read_cursor_statement(statement);
        }
    }

    void read_cursor_statement(pl::Statement& statement) {
        pl::Unmodelled cursor;
        if (source_.take_if("open")) {
            cursor.kind = "open";
            read_open();
        } else if (source_.take_if("fetch")) {
            cursor.kind = "fetch";
            read_fetch();
        } else if (source_.take_if("move")) {
            cursor.kind = "move";
            read_direction();
            cursor_variable();
        } else if (source_.take_if("close")) {
            cursor.kind = "close";
            cursor_variable();
        } else {
            source_.syntax_error();
        }
        source_.take(";");
        statement.form = std::move(cursor);
    }

    // ---- assignment
    /// The whole statement is one text for the grammar of SQL; what is wrong within it is worded
    /// as for SQL.
    pl::Assignment assignment(const PlpgsqlName& first) {
        pl::Assignment assignment;
        targets_.check_assignable(first);
        const PlpgsqlTokens::Index begin = tokens_.place();
        source_.read_to({";"}, ";", Construct::statement);
        if (source_.ended()) return assignment;
        const PlpgsqlTokens::Index end = tokens_.place();
        tokens_.move_to(begin);
        // A column could not be called so either.
        if (!first.quoted && is_no_column_name(first.names.front().text)) source_.syntax_error();
        assignment.target = targets_.take(first);
        while (tokens_.place() < end && (is(".") || is("["))) {
            assignment.target.element = true;
            skip_part(end);
        }
        if (source_.ended()) return assignment;
        if (assignment.target.element) source_.sql("SELECT ", tokens_.span(begin, tokens_.place()));
        if (tokens_.place() >= end || (!is(":=") && !is("="))) refuse_sql(end);
        tokens_.advance();
        // An empty value is refused when it runs, for its number of columns.
        if (tokens_.place() >= end) source_.give_up();
        assignment.value = source_.expression_in(tokens_.place(), end);
        if (!source_.ended()) tokens_.move_to(end);
        source_.take(";");
        return assignment;
    }

    /// What the grammar of SQL says of the current token of a text that ends before `end`.
    void refuse_sql(PlpgsqlTokens::Index end) {
        std::string message = "syntax error at end of input";
        if (tokens_.place() < end)
            message = "syntax error at or near \"" +
                      std::string(tokens_.text_of(tokens_.current())) + "\"";
        source_.refuse(syntax_error_state, std::move(message), here());
    }

    /// A field or a subscript; its brackets are known to match.
    void skip_part(PlpgsqlTokens::Index end) {
        if (source_.take_if(".")) {
            const Token::Kind kind = tokens_.current().kind;
            const bool name = kind == Token::Kind::word || kind == Token::Kind::quoted_identifier;
            if (is("*")) return source_.give_up();
            if (!name || tokens_.place() >= end) return refuse_sql(end);
            return tokens_.advance();
        }
        int depth = 0;
        do {
            if (is("(") || is("[")) ++depth;
            if (is(")") || is("]")) --depth;
            tokens_.advance();
        } while (depth > 0 && !tokens_.at_end());
    }

    // ---- branches
    pl::Branch branch() {
        pl::Branch branch{.condition = source_.expression({"then"}, "THEN"), .body = {}};
        source_.take("then");
        branch.body = statements();
        return branch;
    }

    pl::If if_statement() {
        pl::If statement;
        do
            statement.branches.push_back(branch());
        while (source_.take_if("elsif") || source_.take_if("elseif"));
        if (source_.take_if("else")) statement.otherwise = statements();
        source_.take("end");
        source_.take("if");
        source_.take(";");
        return statement;
    }

    pl::Case case_statement() {
        pl::Case statement;
        if (!is("when")) statement.subject = source_.expression({"when"}, "WHEN");
        do {
            source_.take("when");
            statement.branches.push_back(branch());
        } while (is("when"));
        if (source_.take_if("else")) {
            statement.has_else = true;
            statement.otherwise = statements();
        }
        source_.take("end");
        source_.take("case");
        source_.take(";");
        return statement;
    }

    // ---- loops
    pl::Loop loop(Identifier label) {
        pl::Loop loop;
        scope_.push(label.text, Level::loop);
        loop.label = std::move(label);
        std::optional<PlpgsqlTargets::LoopVariables> elements;
        if (source_.take_if("while")) {
            loop.kind = pl::Loop::Kind::while_;
            loop.inputs.push_back(source_.expression({"loop"}, "LOOP"));
        } else if (source_.take_if("for")) {
            read_for(loop);
        } else if (source_.take_if("foreach")) {
            elements = read_foreach(loop);
        }
        source_.take("loop");
        loop.body = statements();
        source_.take("end");
        source_.take("loop");
        const Identifier end = optional_label();
        source_.take(";");
        if (elements) check_elements(loop, *elements);
        check_end_label(loop.label, end);
        scope_.pop();
        return loop;
    }

    void read_for(pl::Loop& loop) {
        const PlpgsqlTargets::LoopVariables variables = targets_.loop_variables();
        loop.variables = variables.targets;
        source_.take("in");
        if (source_.take_if("execute")) return read_dynamic_loop(loop, variables);
        const PlpgsqlName first = name();
        const bool cursor = first.kind == PlpgsqlName::Kind::variable && !first.variable.field &&
                            first.variable.variable->cursor != PlpgsqlVariable::Cursor::none;
        if (cursor) return read_cursor_loop(loop, variables, first);
        const Span begin_span = here();
        loop.reverse = first.means("reverse");
        if (loop.reverse) tokens_.advance();
        const PlpgsqlTokens::Index begin = tokens_.place();
        const Span span = source_.read_to({"..", "loop"}, "LOOP", Construct::expression);
        if (is("..")) return read_range(loop, variables, begin);
        if (loop.reverse)
            source_.refuse(syntax_error_state, "cannot specify REVERSE in query FOR loop",
                           begin_span);
        loop.kind = pl::Loop::Kind::query;
        loop.inputs.push_back(source_.sql({}, span));
        check_rows(loop, variables, syntax_error_state);
    }

    /// What takes the rows of a query.
    void check_rows(pl::Loop& loop,
                    const PlpgsqlTargets::LoopVariables& variables,
                    std::string_view sqlstate) {
        if (!variables.known)
            return source_.refuse(sqlstate,
                                  "loop variable of loop over rows must be a record variable or "
                                  "list of scalar variables",
                                  variables.first.names.empty() ? here()
                                                                : variables.first.names[0].span);
        targets_.check_assignable(variables.first);
        name_target(loop, variables);
    }

    /// A single variable of the scope becomes the loop's target.
    void name_target(pl::Loop& loop, const PlpgsqlTargets::LoopVariables& variables) {
        if (loop.variables.size() != 1 || source_.ended()) return;
        const PlpgsqlTokens::Index place = tokens_.place();
        loop.variables.front() = targets_.take(variables.first);
        if (!source_.ended()) tokens_.move_to(place);
    }

    void read_dynamic_loop(pl::Loop& loop, const PlpgsqlTargets::LoopVariables& variables) {
        loop.kind = pl::Loop::Kind::dynamic;
        loop.inputs.push_back(source_.expression({"loop", "using"}, "LOOP or USING"));
        check_rows(loop, variables, "42804");
        if (!source_.take_if("using")) return;
        do
            loop.inputs.push_back(source_.expression({",", "loop"}, ", or LOOP"));
        while (source_.take_if(","));
    }

    void read_range(pl::Loop& loop,
                    const PlpgsqlTargets::LoopVariables& variables,
                    PlpgsqlTokens::Index begin) {
        loop.kind = pl::Loop::Kind::range;
        loop.inputs.push_back(source_.expression_in(begin, tokens_.place()));
        source_.take("..");
        loop.inputs.push_back(source_.expression({"loop", "by"}, "LOOP"));
        if (source_.take_if("by")) loop.inputs.push_back(source_.expression({"loop"}, "LOOP"));
        if (variables.targets.size() > 1)
            source_.refuse(syntax_error_state,
                           "integer FOR loop must have only one target variable",
                           variables.first.names.front().span);
        declarations_.declare_counter(variables.name);
    }

    void read_cursor_loop(pl::Loop& loop,
                          const PlpgsqlTargets::LoopVariables& variables,
                          const PlpgsqlName& cursor) {
        loop.kind = pl::Loop::Kind::query;
        loop.inputs.emplace_back();
        if (variables.targets.size() > 1)
            source_.refuse(syntax_error_state, "cursor FOR loop must have only one target variable",
                           variables.first.names.front().span);
        if (cursor.variable.variable->cursor != PlpgsqlVariable::Cursor::bound)
            source_.refuse(syntax_error_state, "cursor FOR loop must use a bound cursor variable",
                           here());
        tokens_.advance(cursor.tokens);
        read_cursor_arguments(*cursor.variable.variable);
        if (!is("loop")) source_.syntax_error();
        declarations_.declare_row(variables.name);
    }

    PlpgsqlTargets::LoopVariables read_foreach(pl::Loop& loop) {
        loop.kind = pl::Loop::Kind::array;
        PlpgsqlTargets::LoopVariables variables = targets_.loop_variables();
        loop.variables = variables.targets;
        if (name().kind == PlpgsqlName::Kind::keyword && source_.take_if("slice")) {
            loop.slice = true;
            if (tokens_.current().kind != Token::Kind::number) source_.syntax_error();
            tokens_.advance();
        }
        source_.take("in");
        if (name().kind != PlpgsqlName::Kind::keyword || !is("array")) source_.syntax_error();
        tokens_.advance();
        loop.inputs.push_back(source_.expression({"loop"}, "LOOP"));
        return variables;
    }

    void check_elements(pl::Loop& loop, const PlpgsqlTargets::LoopVariables& variables) {
        if (source_.ended()) return;
        if (!variables.known)
            return source_.refuse(
                syntax_error_state,
                "loop variable of FOREACH must be a known variable or list of variables",
                variables.first.names.front().span);
        targets_.check_assignable(variables.first);
        name_target(loop, variables);
    }

    // ---- leaving
    pl::Leave leave() {
        pl::Leave leave;
        leave.again = is("continue");
        tokens_.advance();
        leave.label = optional_label();
        if (source_.take_if("when")) leave.condition = source_.expression({";"}, ";");
        source_.take(";");
        check_leave(leave);
        return leave;
    }

    void check_leave(const pl::Leave& leave) {
        if (source_.ended()) return;
        const auto refuse = [&](std::string message) {
            source_.refuse(syntax_error_state, std::move(message), leave.label.span);
        };
        if (leave.label.empty()) {
            if (scope_.in_loop()) return;
            return refuse(leave.again
                              ? "CONTINUE cannot be used outside a loop"
                              : "EXIT cannot be used outside a loop, unless it has a label");
        }
        const std::optional<Level> level = scope_.find_label(leave.label.text);
        if (!level)
            return refuse("there is no label \"" + leave.label.text +
                          "\" attached to any block or loop enclosing this statement");
        if (leave.again && *level != Level::loop)
            refuse("block label \"" + leave.label.text + "\" cannot be used in CONTINUE");
    }

    void read_return(pl::Statement& statement) {
        const PlpgsqlName next = name();
        if (tokens_.at_end()) {
            source_.refuse_here("unexpected end of function definition");
        } else if (next.means("next")) {
            read_return_next();
            statement.form = pl::Unmodelled{.kind = "return next"};
        } else if (next.means("query")) {
            read_return_query();
            statement.form = pl::Unmodelled{.kind = "return query"};
        } else if (return_.no_value.empty()) {
            statement.form = pl::Return{.value = returned()};
        } else {
            if (!source_.take_if(";"))
                source_.refuse(return_.sqlstate, std::string(return_.no_value), here());
            statement.form = pl::Return{};
        }
    }

    /// A lone variable need not be an expression.
    std::optional<Sql> returned() {
        const PlpgsqlName variable = name();
        const bool lone = variable.kind == PlpgsqlName::Kind::variable &&
                          !variable.variable.field &&
                          tokens_.is(tokens_.ahead(variable.tokens), ";");
        if (lone) {
            tokens_.advance(variable.tokens + 1);
            return std::nullopt;
        }
        Sql value = source_.expression({";"}, ";");
        source_.take(";");
        return value;
    }

    void read_return_next() {
        constexpr std::string_view mismatch = "42804";
        if (!return_.set)
            return source_.refuse(mismatch, "cannot use RETURN NEXT in a non-SETOF function",
                                  here());
        tokens_.advance();
        if (!return_.outputs) {
            returned();
        } else if (!source_.take_if(";")) {
            source_.refuse(mismatch,
                           "RETURN NEXT cannot have a parameter in function with OUT parameters",
                           here());
        }
    }

    void read_return_query() {
        if (!return_.set)
            return source_.refuse("42804", "cannot use RETURN QUERY in a non-SETOF function",
                                  here());
        tokens_.advance();
        if (!source_.take_if("execute")) {
            source_.statement();
            source_.take(";");
            return;
        }
        source_.expression({";", "using"}, "; or USING");
        if (source_.take_if("using")) {
            do
                source_.expression({",", ";"}, ", or ;");
            while (source_.take_if(","));
        }
        source_.take(";");
    }

    // ---- RAISE and ASSERT
    pl::Assert assertion() {
        pl::Assert assertion;
        assertion.condition = source_.expression({",", ";"}, ", or ;");
        if (source_.take_if(",")) assertion.message = source_.expression({";"}, ";");
        source_.take(";");
        return assertion;
    }

    pl::Raise raise() {
        pl::Raise raise;
        raise.sqlstate = "P0001";
        if (tokens_.at_end()) source_.refuse_here("unexpected end of function definition");
        if (source_.take_if(";")) {
            raise.again = true;
            return raise;
        }
        static constexpr std::array<std::string_view, 5> harmless = {"warning", "notice", "info",
                                                                     "log", "debug"};
        const PlpgsqlName level = name();
        raise.error = std::ranges::none_of(
            harmless, [&](std::string_view word) { return level.means(word); });
        if (!raise.error || level.means("exception")) tokens_.advance();
        if (tokens_.at_end()) source_.refuse_here("unexpected end of function definition");
        read_raised(raise);
        if (source_.take_if("using")) read_raise_options(raise);
        source_.take(";");
        check_raise_arguments(raise);
        return raise;
    }

    void read_raised(pl::Raise& raise) {
        if (is("using") || source_.ended()) return;
        if (tokens_.is_string()) {
            raise.format =
                text::string_value(tokens_.current(), tokens_.text_of(tokens_.current())).value;
            tokens_.advance();
            while (source_.take_if(","))
                raise.arguments.push_back(
                    source_.expression({",", ";", "using"}, ", or ; or USING"));
        } else if (name().means("sqlstate")) {
            tokens_.advance();
            raise.sqlstate = sqlstate_code();
        } else {
            // N'...' is a name and a string to the server.
            if (tokens_.current().quoting == Token::Quoting::national) return source_.give_up();
            const PlpgsqlName condition = name();
            const bool plain = condition.kind == PlpgsqlName::Kind::word ||
                               condition.kind == PlpgsqlName::Kind::keyword;
            if (!plain) return source_.syntax_error();
            raise.condition = condition.names.front();
            tokens_.advance();
        }
        if (!is("using") && !is(";")) source_.syntax_error();
    }

    void read_raise_options(pl::Raise& raise) {
        static constexpr std::array<std::string_view, 9> options = {
            "errcode",    "message",  "detail", "hint",  "column",
            "constraint", "datatype", "table",  "schema"};
        raise.options = true;
        do {
            const PlpgsqlName option = name();
            if (tokens_.at_end())
                return source_.refuse_here("unexpected end of function definition");
            if (std::ranges::none_of(options,
                                     [&](std::string_view word) { return option.means(word); }))
                return source_.refuse_here("unrecognized RAISE statement option");
            tokens_.advance();
            if (!is("=") && !is(":=")) return source_.refuse_here("syntax error, expected \"=\"");
            tokens_.advance();
            source_.expression({",", ";"}, ", or ;");
            if (tokens_.at_end())
                return source_.refuse_here("unexpected end of function definition");
        } while (source_.take_if(","));
    }

    void check_raise_arguments(const pl::Raise& raise) {
        if (!raise.format || source_.ended()) return;
        std::size_t expected = 0;
        const std::string& format = *raise.format;
        for (std::size_t at = 0; at < format.size(); ++at) {
            if (format[at] != '%') continue;
            if (at + 1 < format.size() && format[at + 1] == '%') {
                ++at;
            } else {
                ++expected;
            }
        }
        if (expected == raise.arguments.size()) return;
        source_.refuse(syntax_error_state,
                       expected < raise.arguments.size() ? "too many parameters specified for RAISE"
                                                         : "too few parameters specified for RAISE",
                       here());
    }

    // ---- SQL
    pl::Execute execute() {
        pl::Execute execute;
        execute.command = source_.expression({"into", "using", ";"}, "INTO or USING or ;");
        while (!source_.ended() && !source_.take_if(";")) {
            if (execute.into.empty() && source_.take_if("into")) {
                execute.strict = source_.take_if("strict");
                execute.into = targets_.into();
            } else if (execute.arguments.empty() && source_.take_if("using")) {
                do
                    execute.arguments.push_back(
                        source_.expression({",", ";", "into"}, ", or ; or INTO"));
                while (source_.take_if(","));
            } else {
                source_.syntax_error();
            }
        }
        return execute;
    }

    /// INTO names variables, except behind INSERT and MERGE and in IMPORT FOREIGN SCHEMA.
    [[nodiscard]] bool at_into(PlpgsqlTokens::Index begin) const {
        const PlpgsqlTokens::Index place = tokens_.place();
        return is("into") && place > begin && !tokens_.is(tokens_.at(begin), "import") &&
               !tokens_.is(tokens_.at(place - 1), "insert") &&
               !tokens_.is(tokens_.at(place - 1), "merge");
    }

    /// CREATE [OR REPLACE] FUNCTION or PROCEDURE: BEGIN ATOMIC holds statements with ';' between.
    [[nodiscard]] bool at_routine() const {
        if (!is("create")) return false;
        const bool replaces =
            tokens_.is(tokens_.ahead(1), "or") && tokens_.is(tokens_.ahead(2), "replace");
        const Token& kind = tokens_.ahead(replaces ? 3 : 1);
        return tokens_.is(kind, "function") || tokens_.is(kind, "procedure");
    }

    pl::Run run() {
        pl::Run run;
        const PlpgsqlTokens::Index begin = tokens_.place();
        const bool routine = at_routine();
        Span into;
        int depth = 0;
        int bodies = 0;
        while (!source_.ended() && (depth > 0 || bodies > 0 || !is(";"))) {
            if (tokens_.at_end()) source_.refuse_here("unexpected end of function definition");
            if (at_into(begin)) {
                if (!into.empty()) source_.refuse_here("INTO specified more than once");
                const PlpgsqlTokens::Index into_begin = tokens_.place();
                tokens_.advance();
                run.strict = source_.take_if("strict");
                run.into = targets_.into();
                into = tokens_.span(into_begin, tokens_.place());
                continue;
            }
            if (is("(")) ++depth;
            if (is(")") && depth > 0) --depth;
            if (routine && depth == 0 && (is("begin") || is("case"))) ++bodies;
            if (routine && depth == 0 && bodies > 0 && is("end")) --bodies;
            tokens_.advance();
        }
        if (source_.ended()) return run;
        run.sql = without(tokens_.span(begin, tokens_.place()), into);
        source_.take(";");
        return run;
    }

    /// Blanks keep the places of what stands behind them.
    Sql without(Span span, Span hole) {
        std::string text(tokens_.bytes(span));
        std::fill_n(text.begin() + (hole.empty() ? 0 : hole.begin - span.begin), hole.size(), ' ');
        return source_.sql_text(text, {}, span);
    }

    /// PERFORM stands for SELECT, which may lack everything else.
    void read_perform(pl::Statement& statement) {
        const PlpgsqlTokens::Index begin = tokens_.place();
        source_.read_to({";"}, ";", Construct::statement);
        const PlpgsqlTokens::Index end = tokens_.place();
        if (end - begin > 1) {
            statement.form = pl::Run{.sql = source_.sql("SELECT ", tokens_.span(begin + 1, end)),
                                     .discards = true};
        } else {
            statement.form = pl::Nothing{};
        }
        source_.take(";");
    }

    pl::EndTransaction end_transaction() {
        tokens_.advance();
        const auto take_keyword = [this](std::string_view word) {
            return name().kind == PlpgsqlName::Kind::keyword && source_.take_if(word);
        };
        if (take_keyword("and")) {
            take_keyword("no");
            if (!take_keyword("chain")) source_.syntax_error();
        }
        source_.take(";");
        return {};
    }

    // ---- GET DIAGNOSTICS
    pl::Unmodelled diagnostics() {
        const auto is_keyword = [this](std::string_view word) {
            return name().kind == PlpgsqlName::Kind::keyword && is(word);
        };
        const Span place = here();
        const bool stacked = is_keyword("stacked");
        if (stacked || is_keyword("current")) tokens_.advance();
        if (!is_keyword("diagnostics")) source_.syntax_error();
        tokens_.advance();
        std::vector<std::string> items;
        do
            items.push_back(diagnostics_item());
        while (source_.take_if(","));
        source_.take(";");
        check_items(items, stacked, place);
        return {.kind = "get"};
    }

    std::string diagnostics_item() {
        static constexpr std::array<std::string_view, 13> known = {
            "row_count",         "result_oid",           "pg_context",  "pg_exception_detail",
            "pg_exception_hint", "pg_exception_context", "column_name", "constraint_name",
            "pg_datatype_name",  "message_text",         "table_name",  "schema_name",
            "returned_sqlstate"};
        targets_.scalar();
        if (!is("=") && !is(":=")) source_.syntax_error();
        tokens_.advance();
        const PlpgsqlName item = name();
        const bool valid =
            std::ranges::any_of(known, [&](std::string_view word) { return item.means(word); });
        if (!valid) {
            source_.refuse_here("unrecognized GET DIAGNOSTICS item");
            return {};
        }
        tokens_.advance();
        return item.names.front().text;
    }

    void check_items(const std::vector<std::string>& items, bool stacked, Span place) {
        for (const std::string& item : items) {
            if (source_.ended() || item == "pg_context") continue;
            const bool of_statement = item == "row_count" || item == "result_oid";
            if (of_statement != stacked) continue;
            source_.refuse(syntax_error_state,
                           "diagnostics item " + text::upper_case(item) +
                               " is not allowed in GET " + (stacked ? "STACKED" : "CURRENT") +
                               " DIAGNOSTICS",
                           place);
        }
    }

    // ---- cursors
    const PlpgsqlVariable* cursor_variable() {
        constexpr std::string_view mismatch = "42804";
        const PlpgsqlName cursor = name();
        if (cursor.kind != PlpgsqlName::Kind::variable) {
            targets_.refuse_unknown(cursor);
            return nullptr;
        }
        const PlpgsqlVariable& variable = *cursor.variable.variable;
        const bool simple = variable.kind != PlpgsqlVariable::Kind::record;
        const bool other = variable.kind == PlpgsqlVariable::Kind::scalar &&
                           variable.cursor == PlpgsqlVariable::Cursor::none;
        if (!simple) {
            source_.refuse(mismatch, "cursor variable must be a simple variable", here());
        } else if (other) {
            source_.refuse(mismatch,
                           "variable \"" + variable.name + "\" must be of type cursor or refcursor",
                           here());
        }
        tokens_.advance(cursor.tokens);
        return source_.ended() ? nullptr : &variable;
    }

    void read_open() {
        const PlpgsqlVariable* cursor = cursor_variable();
        if (cursor == nullptr) return;
        if (cursor->cursor == PlpgsqlVariable::Cursor::bound) {
            read_cursor_arguments(*cursor);
            return;
        }
        const auto take_word = [this](std::string_view word) {
            if (!name().means(word)) return false;
            tokens_.advance();
            return true;
        };
        take_word("no");
        take_word("scroll");
        if (!source_.take_if("for")) return source_.refuse_here("syntax error, expected \"FOR\"");
        if (!source_.take_if("execute")) {
            source_.statement();
            return;
        }
        source_.expression({"using", ";"}, "USING or ;");
        if (!source_.take_if("using")) return;
        do
            source_.expression({",", ";"}, ", or ;");
        while (source_.take_if(","));
    }

    using ArgumentPlaces = std::map<std::string, std::size_t, std::less<>>;

    /// What a bound cursor is called with (read_cursor_args).
    void read_cursor_arguments(const PlpgsqlVariable& cursor) {
        const std::string quoted = "\"" + cursor.name + "\"";
        const std::size_t count = cursor.arguments.size();
        if (source_.ended()) return;
        if (count == 0 && !is("(")) return;
        if (is("(") != (count != 0))
            return source_.refuse(
                syntax_error_state,
                "cursor " + quoted + (count == 0 ? " has no arguments" : " has arguments"), here());
        tokens_.advance();
        ArgumentPlaces places;
        for (const std::string& argument : cursor.arguments)
            places.emplace(argument, places.size());
        std::vector<bool> given(count, false);
        for (std::size_t index = 0; index < count && !source_.ended(); ++index) {
            const std::size_t position = named_argument(places, index);
            if (position == count)
                return source_.refuse(syntax_error_state,
                                      "cursor " + quoted + " has no argument named \"" +
                                          tokens_.name(nullptr).text() + "\"",
                                      here());
            if (given[position])
                return source_.refuse(syntax_error_state,
                                      "value for parameter \"" + cursor.arguments[position] +
                                          "\" of cursor " + quoted + " specified more than once",
                                      here());
            given[position] = true;
            if (tokens_.is(tokens_.ahead(1), ":=")) tokens_.advance(2);
            source_.expression({",", ")"}, ",\" or \")");
            if (tokens_.at_end()) return source_.syntax_error();
            const bool last = index + 1 == count;
            if (is(")") != last && !source_.ended())
                return source_.refuse(syntax_error_state,
                                      (last ? "too many" : "not enough") +
                                          (" arguments for cursor " + quoted),
                                      here());
            tokens_.advance();
        }
    }

    /// The argument that "name := value" is for; the number of arguments when there is none.
    [[nodiscard]] std::size_t named_argument(const ArgumentPlaces& places,
                                             std::size_t index) const {
        const PlpgsqlName argument = tokens_.name(nullptr);
        const bool named = argument.tokens == 1 && argument.kind != PlpgsqlName::Kind::none &&
                           tokens_.is(tokens_.ahead(1), ":=");
        if (!named) return index;
        const auto place = places.find(argument.names.front().text);
        return place == places.end() ? places.size() : place->second;
    }

    void read_fetch() {
        const Span place = here();
        const bool several = read_direction();
        cursor_variable();
        source_.take("into");
        targets_.into();
        if (!is(";")) source_.syntax_error();
        if (several && !source_.ended())
            source_.refuse("0A000", "FETCH statement cannot return multiple rows", place);
    }

    /// Everything up to FROM or IN; true when it may mean several rows (read_fetch_direction).
    bool read_direction() {
        const PlpgsqlName first = name();
        const auto means = [&](std::initializer_list<std::string_view> words) {
            return std::ranges::any_of(words,
                                       [&](std::string_view word) { return first.means(word); });
        };
        if (tokens_.at_end()) source_.refuse_here("unexpected end of function definition");
        if (means({"next", "prior", "first", "last"})) {
            tokens_.advance();
            take_from();
            return false;
        }
        if (means({"absolute", "relative"})) {
            tokens_.advance();
            read_count();
            return false;
        }
        if (source_.take_if("all")) {
            take_from();
            return true;
        }
        if (means({"forward", "backward"})) {
            tokens_.advance();
            return read_stretch();
        }
        if (source_.take_if("from") || source_.take_if("in")) return false;
        if (first.kind == PlpgsqlName::Kind::variable) return false;
        read_count();
        return true;
    }

    /// What stands behind FORWARD and BACKWARD.
    bool read_stretch() {
        if (tokens_.at_end()) source_.refuse_here("unexpected end of function definition");
        if (source_.take_if("from") || source_.take_if("in")) return false;
        if (source_.take_if("all")) {
            take_from();
        } else {
            read_count();
        }
        return true;
    }

    void read_count() {
        source_.expression({"from", "in"}, "FROM or IN");
        tokens_.advance();
    }

    void take_from() {
        if (!source_.take_if("from") && !source_.take_if("in"))
            source_.refuse_here("expected FROM or IN");
    }

    PlpgsqlSource source_;
    PlpgsqlTokens& tokens_ = source_.tokens;
    PlpgsqlScope scope_;
    PlpgsqlTargets targets_;
    PlpgsqlDeclarations declarations_;
    PlpgsqlReturn return_;
    int depth_ = 0;
};

} // namespace

PlpgsqlBody read_plpgsql_block(StatementParser& parser, const PlpgsqlText& body) {
    return BodyReader(parser, body, nullptr).read();
}

PlpgsqlBody read_plpgsql_function(StatementParser& parser,
                                  const PlpgsqlText& body,
                                  const CreateFunction& function) {
    return BodyReader(parser, body, &function).read();
}

} // namespace ordain::parse
