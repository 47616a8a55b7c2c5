#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <ordain/source.hpp>
#include <span>
#include <string>
#include <vector>

namespace ordain::parse {

/// A variable of a body as its compiler sees it.
struct PlpgsqlVariable {
    enum class Kind : std::uint8_t {
        scalar,
        record,  ///< Of type record or of a row's type: has fields.
        unknown, ///< Its type is known to the catalog only.
    };
    enum class Cursor : std::uint8_t { none, unbound, bound };

    std::string name = {}; ///< As declared, whatever an alias calls it.
    Kind kind = Kind::unknown;
    Cursor cursor = Cursor::none;
    bool constant = false;
    Span type = {};                          ///< As written, of a scalar.
    std::vector<std::string> arguments = {}; ///< Of a bound cursor.
};

/// The names that a body's compiler knows at one place: blocks, loops, their labels and variables
/// (pl_funcs.c, plpgsql_ns_lookup and its like).
class PlpgsqlScope {
public:
    enum class Level : std::uint8_t { block, loop, cursor };

    /// Begins with nothing: what surrounds a body comes first.
    PlpgsqlScope() = default;

    void push(std::string label, Level level);
    void pop();

    /// Hides what the innermost level calls so.
    const PlpgsqlVariable& declare(const std::string& name, PlpgsqlVariable variable);
    void alias(const std::string& name, const PlpgsqlVariable& variable);
    [[nodiscard]] bool is_declared_here(const std::string& name) const;

    /// What one to three names with dots between mean.
    struct Match {
        const PlpgsqlVariable* variable = nullptr; ///< Null when they are no variable.
        bool labelled = false;                     ///< The first name is a label.
        bool field = false;                        ///< A part of the variable is meant.
    };
    [[nodiscard]] Match find(std::span<const std::string> names) const;
    [[nodiscard]] std::optional<Level> find_label(const std::string& label) const;
    [[nodiscard]] bool in_loop() const;

private:
    struct Names {
        std::string label;
        Level level = Level::block;
        std::map<std::string, const PlpgsqlVariable*, std::less<>> variables;

        /// A scalar has no parts that further names could mean.
        [[nodiscard]] const PlpgsqlVariable* find(const std::string& name, bool parts) const;
    };
    std::deque<PlpgsqlVariable> variables_; ///< Stay where they are.
    std::vector<Names> levels_;
};

} // namespace ordain::parse
