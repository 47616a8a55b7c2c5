#pragma once

#include "parse/plpgsql_source.hpp"

#include <cstdint>
#include <ordain/plpgsql.hpp>
#include <string>
#include <vector>

namespace ordain::parse {

/// Reads what statements put values into and checks that they can (pl_gram.y: check_assignable,
/// read_into_target and for_variable).
class PlpgsqlTargets {
public:
    enum class Purpose : std::uint8_t {
        run, ///< The body is interpreted: its variables must have names of their own.
        check,
    };
    PlpgsqlTargets(PlpgsqlSource& source, PlpgsqlScope& scope, Purpose purpose)
        : source_(source),
          scope_(scope),
          purpose_(purpose) {}

    [[nodiscard]] PlpgsqlName name() const { return source_.tokens.name(&scope_); }

    static bool is_record(const PlpgsqlName& name);
    void check_assignable(const PlpgsqlName& name);
    /// Refuses a name that is no variable.
    void refuse_unknown(const PlpgsqlName& name);

    /// Takes a variable; `name` is what stands here.
    plpgsql::Target take(const PlpgsqlName& name);
    /// One variable that is no record.
    plpgsql::Target scalar();
    /// What stands behind INTO and STRICT.
    std::vector<plpgsql::Target> into();

    /// What stands behind FOR and FOREACH. Nothing is known yet about what it has to be.
    struct LoopVariables {
        std::string name; ///< As a loop over numbers would declare it.
        bool known = false;
        PlpgsqlName first;
        std::vector<plpgsql::Target> targets;
    };
    LoopVariables loop_variables();

private:
    void add_scalars(std::vector<plpgsql::Target>& list, const PlpgsqlName& first);

    PlpgsqlSource& source_;
    PlpgsqlScope& scope_;
    Purpose purpose_;
};

} // namespace ordain::parse
