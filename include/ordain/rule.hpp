#pragma once

#include <ordain/action.hpp>
#include <ordain/catalog.hpp>
#include <ordain/config.hpp>
#include <ordain/finding.hpp>
#include <ordain/judgement.hpp>
#include <ordain/live_action.hpp>
#include <ordain/outcome.hpp>
#include <ordain/plan.hpp>
#include <ordain/source.hpp>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ordain {

/// What an earlier statement of a deployment did with the rows of a relation.
struct RowUse {
    enum class Kind : std::uint8_t {
        copied,    ///< Read by a statement that writes: what they hold may live on elsewhere.
        deleted,   ///< Every one; a scan still reads what is left of them until VACUUM has run.
        truncated, ///< Every one, with the storage.
    };
    Kind kind{};
    ObjectId relation{};
    /// Of copied: the names of all columns whose values are written; empty: every column's may be.
    std::vector<std::string> columns = {};
    bool elsewhere = false; ///< Of copied: into another relation.
    bool certain = true;    ///< False: by a statement that was not read but names the relation.
    Location where{};
};

/// One Action as a rule sees it: with its outcome, on the catalog as it stood before it.
struct ActionContext {
    const Settings& settings;
    const SourceSet& sources;
    const Plan& plan;
    const Migration& migration;
    const Statement& statement;
    const Action& action;
    const Outcome& outcome;
    const Catalog& catalog; ///< Before the action.
    /// Whether the statement runs inside a transaction block, explicit or implicit.
    bool in_transaction_block = false;
    bool down = false; ///< The action belongs to a down script.
    /// Made by this migration under IF NOT EXISTS, where the history before it is not known: they
    /// may be older all the same.
    const std::set<ObjectId>& maybe_older;
    /// What earlier statements of the transaction have locked, and hold until it ends.
    std::span<const HeldLock> held = {};
    std::span<const RowUse> row_uses = {}; ///< Of the deployment so far, in their order.

    /// The payload when it is a T.
    template <typename T>
    [[nodiscard]] const T* action_as() const {
        return std::get_if<T>(&action.payload);
    }
    /// New in this deployment (or part of what is), hence empty and unused: nothing in production
    /// waits for it. The deployment is what the plan's base does not have, or without a base the
    /// migration alone.
    [[nodiscard]] bool created_in_this_deployment(ObjectId id) const;
    /// The strongest lock on a relation while the action works: its own, or one that is held.
    [[nodiscard]] LockMode lock_on(ObjectId relation) const;
    /// The last statement of the deployment that has copied values of a relation's column, or
    /// without one, that has copied from the relation to another, what is certain before what is
    /// not; null when there is none.
    [[nodiscard]] const RowUse* copied(ObjectId relation, std::string_view column = {}) const;
    /// The last that has emptied the relation; null where that is not certain, or rows were
    /// inserted since.
    [[nodiscard]] const RowUse* emptied(ObjectId relation) const;
    /// Done by a migration of this deployment.
    [[nodiscard]] bool in_this_deployment(const Origin& origin) const;
    /// As it stood before the action, or as the action took it to be; null when it is no object.
    [[nodiscard]] const Object* object(ObjectId id) const;
    /// "users" of schema public, else "app.users".
    [[nodiscard]] std::string display_name(ObjectId id) const;
};

/// What stood in the way of a refused statement, with places: found on the catalog of that moment.
struct Obstacle {
    std::uint32_t migration = 0; ///< Ordinal.
    std::vector<FindingNote> notes;
};

/// A whole plan as a rule sees it, after all replays and proofs.
///
/// What a migration lacks, one behind it may add before anybody notices: what a rule says about
/// objects it says about those of the last catalog, at the statement that made them what they are.
struct PlanContext {
    const Settings& settings;
    const SourceSet& sources;
    const Plan& plan;
    std::span<const MigrationStatements> statements; ///< In the order of plan.migrations.
    std::span<const MigrationJudgement> judgements;  ///< Likewise.
    std::span<const Obstacle> obstacles;             ///< Ordinals ascending.
    /// Of the migrations reported on, in the order in which they run.
    std::span<const LiveAction> live_actions;
    const std::vector<bool>& selected; ///< By index: whether the migration is reported on.
    const Catalog& catalog;            ///< After the last migration.

    /// Whether the migration of an origin is reported on.
    [[nodiscard]] bool reports_on(const Origin& origin) const;
    [[nodiscard]] Location place_of(const Origin& origin) const;
    /// Whether both come to production together, so that it has nothing of the one without the
    /// other.
    [[nodiscard]] bool in_one_deployment(const Origin& one, const Origin& other) const;
    /// "users" of schema public, else "app.users".
    [[nodiscard]] std::string display_name(ObjectId id) const;
    /// That no statement which was not read or not modelled may have altered it, or what it is a
    /// part of, since it was made.
    [[nodiscard]] bool is_certain(const Object& object) const;
};

/// Collects what a rule finds; stamps the rule's id and severity.
class Findings {
public:
    Findings(std::string_view rule,
             Severity severity,
             Location fallback,
             std::uint32_t migration,
             std::vector<Finding>& out)
        : rule_(rule),
          severity_(severity),
          fallback_(fallback),
          migration_(migration),
          out_(out) {}

    /// Adds a finding at a span of the current script; an empty span means the statement. The rule
    /// may lower or raise its severity; what the settings say counts more. Valid until the next.
    Finding& add(Span span, std::string message);
    /// For plan rules: anywhere, for any migration.
    Finding& add(Location where, std::uint32_t migration, std::string message);

private:
    std::string_view rule_;
    Severity severity_;
    Location fallback_;
    std::uint32_t migration_;
    std::vector<Finding>& out_;
};

enum class Category : std::uint8_t {
    validity,      ///< A server or the migration tool refuses it.
    order,         ///< Migrations stand in the wrong order.
    history,       ///< What has run is changed afterwards.
    repeatability, ///< It cannot be run again.
    rollback,      ///< The way back does not lead back.
    destructive,   ///< Data is lost.
    compatibility, ///< Deployed code fails.
    locking,       ///< Others wait.
    security,      ///< Others see or may do more than is meant.
    design,        ///< A schema that hurts later.
    naming,        ///< Names and headers that a team has agreed on.
    suppression    ///< About allowances.
};
[[nodiscard]] std::string_view name_of(Category category);
[[nodiscard]] std::span<const Category> all_categories();

/// A rule is a value: its sheet of texts and up to two functions.
struct Rule {
    std::string_view id;
    Category category{}; ///< Decides as well whether it is about what is taken back.
    Severity severity{};
    std::string_view summary; ///< One sentence.
    std::string_view why;     ///< Which failure or lock, for whom, for how long. Markdown.
    std::string_view fix;     ///< What to write instead. Markdown.
    /// What other linters call it: "squawk ban-drop-column, strong_migrations remove_column". Empty
    /// where none has it.
    std::string_view elsewhere;
    std::string_view bad;  ///< SQL that yields exactly one finding, of this rule.
    std::string_view good; ///< SQL that yields none of this rule.
    /// False: reported only where the settings turn it on, or `enabled_for` says so.
    bool on_by_default = true;
    /// Whether it is on for a plan without being turned on; null: on_by_default decides.
    bool (*enabled_for)(const Plan& plan, const Settings& settings) = nullptr;
    /// When that is: "where ...". Empty without enabled_for.
    std::string_view enabled_where = {};
    void (*check)(const ActionContext& context, Findings& findings) = nullptr;
    void (*check_plan)(const PlanContext& context, Findings& findings) = nullptr;
};

/// Every rule, sorted by id.
[[nodiscard]] std::span<const Rule* const> all_rules();
/// Null when there is none of that id.
[[nodiscard]] const Rule* find_rule(std::string_view id);

} // namespace ordain
