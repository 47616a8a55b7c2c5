#include "name_check.hpp"

#include "parse/identifiers.hpp"
#include "parse/token_table.hpp"
#include "text/lexer.hpp"

#include <algorithm>
#include <cctype>
#include <variant>

namespace ordain::parse {
namespace {

/// What the text at a name's place says: a name, an operator or a string's value.
std::string written_name(std::string_view text) {
    const TokenTable tokens(0, text);
    if (tokens.size() != 1) return std::string(text);
    if (!tokens.is_string(0)) {
        std::string name = tokens.name(0);
        return name.empty() ? std::string(text) : name;
    }
    text::Lexer lexer(text);
    const text::Token token = lexer.next_code();
    return text::string_value(token, text).value;
}

bool is_operator(std::string_view text) {
    return std::ranges::none_of(text, [](unsigned char letter) {
        return std::isalnum(letter) != 0 || letter >= 0x80 || letter == '_';
    });
}

/// Keywords that stand for another name: types, SET TIME ZONE, SET SCHEMA, transaction modes, !=.
bool is_reworded(const Action& action, bool in_catalog, std::string_view name) {
    if (in_catalog || name == "<>") return true;
    const auto* setting = std::get_if<SetVariable>(&action.payload);
    if (setting == nullptr) return false;
    return setting->transaction_mode || setting->name.text != "search_path" ||
           name == "search_path";
}

/// Names that the grammar makes or the server adds.
bool stands_nowhere(const Action& action, bool in_catalog, const Identifier& name) {
    if (in_catalog || name.text == "pg_catalog" || is_operator(name.text)) return true;
    if (const auto* policy = std::get_if<CreatePolicy>(&action.payload))
        return policy->roles.size() == 1 && name.text == "public";
    return false;
}

class NameCheck {
public:
    NameCheck(const Statement& statement, std::string_view text)
        : statement_(statement.span),
          text_(text) {}

    void check(Action& action) {
        if (const auto* schema = std::get_if<CreateSchema>(&action.payload))
            schema_ = schema->name.empty() ? schema->authorization.text : schema->name.text;
        if (action.span.empty() || !within(action.span)) faults_.emplace_back("action's span");
        bool in_catalog = false;
        for_each_identifier(action, [&](const Identifier& name) {
            check(action, in_catalog, name);
            in_catalog = name.text == "pg_catalog" && name.span.empty();
        });
    }
    [[nodiscard]] const std::vector<std::string>& faults() const { return faults_; }

private:
    [[nodiscard]] bool within(Span span) const {
        return span.begin >= statement_.begin && span.end <= statement_.end;
    }
    void check(const Action& action, bool in_catalog, const Identifier& name) {
        if (name.span.empty()) {
            if (!stands_nowhere(action, in_catalog, name) && name.text != schema_)
                faults_.push_back(name.text + ": no place");
            return;
        }
        if (!within(name.span)) {
            faults_.push_back(name.text + ": outside the statement");
            return;
        }
        const std::string_view place =
            text_.substr(name.span.begin - statement_.begin, name.span.size());
        if (written_name(place) != name.text && !is_reworded(action, in_catalog, name.text))
            faults_.push_back(name.text + ": at " + std::string(place));
    }

    Span statement_;
    std::string_view text_;
    std::string schema_; ///< The one that CREATE SCHEMA gives to its elements.
    std::vector<std::string> faults_;
};

} // namespace

std::vector<std::string> misplaced_names(Statement& statement, std::string_view text) {
    NameCheck check(statement, text);
    for (Action& action : statement.actions)
        check.check(action);
    return check.faults();
}

} // namespace ordain::parse
