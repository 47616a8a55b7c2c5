// The words that enumerators of the public headers are printed and read as.

#include <array>
#include <ordain/finding.hpp>
#include <ordain/judgement.hpp>
#include <ordain/outcome.hpp>
#include <ordain/plan.hpp>
#include <ordain/rule.hpp>

namespace ordain {

std::string_view name_of(Severity severity) {
    switch (severity) {
    case Severity::note: return "note";
    case Severity::warning: return "warning";
    case Severity::error: return "error";
    }
    return {};
}

std::optional<Severity> parse_severity(std::string_view text) {
    for (const Severity severity : {Severity::note, Severity::warning, Severity::error}) {
        if (name_of(severity) == text) return severity;
    }
    return std::nullopt;
}

std::span<const Category> all_categories() {
    static constexpr std::array all = {
        Category::validity, Category::order,       Category::history,       Category::repeatability,
        Category::rollback, Category::destructive, Category::compatibility, Category::locking,
        Category::security, Category::design,      Category::naming,        Category::suppression,
    };
    return all;
}

std::string_view name_of(Category category) {
    switch (category) {
    case Category::validity: return "validity";
    case Category::order: return "order";
    case Category::history: return "history";
    case Category::repeatability: return "repeatability";
    case Category::rollback: return "rollback";
    case Category::destructive: return "destructive";
    case Category::compatibility: return "compatibility";
    case Category::locking: return "locking";
    case Category::security: return "security";
    case Category::design: return "design";
    case Category::naming: return "naming";
    case Category::suppression: return "suppression";
    }
    return {};
}

std::string_view name_of(LockMode mode) {
    switch (mode) {
    case LockMode::none: return "NoLock";
    case LockMode::access_share: return "AccessShareLock";
    case LockMode::row_share: return "RowShareLock";
    case LockMode::row_exclusive: return "RowExclusiveLock";
    case LockMode::share_update_exclusive: return "ShareUpdateExclusiveLock";
    case LockMode::share: return "ShareLock";
    case LockMode::share_row_exclusive: return "ShareRowExclusiveLock";
    case LockMode::exclusive: return "ExclusiveLock";
    case LockMode::access_exclusive: return "AccessExclusiveLock";
    }
    return {};
}

std::string_view manual_name_of(LockMode mode) {
    switch (mode) {
    case LockMode::none: return "no lock";
    case LockMode::access_share: return "ACCESS SHARE";
    case LockMode::row_share: return "ROW SHARE";
    case LockMode::row_exclusive: return "ROW EXCLUSIVE";
    case LockMode::share_update_exclusive: return "SHARE UPDATE EXCLUSIVE";
    case LockMode::share: return "SHARE";
    case LockMode::share_row_exclusive: return "SHARE ROW EXCLUSIVE";
    case LockMode::exclusive: return "EXCLUSIVE";
    case LockMode::access_exclusive: return "ACCESS EXCLUSIVE";
    }
    return {};
}

// Manual, table 13.2 (conflicting lock modes), in the words of those who wait. Reads take ACCESS
// SHARE, SELECT ... FOR UPDATE takes ROW SHARE, writes take ROW EXCLUSIVE.
std::string_view blocks(LockMode mode) {
    switch (mode) {
    case LockMode::none: return "nothing";
    case LockMode::access_share: return "schema changes that block every query";
    case LockMode::row_share: return "schema changes that block row locks or every query";
    case LockMode::row_exclusive: return "schema changes that block writes";
    case LockMode::share_update_exclusive: return "other schema changes and VACUUM";
    case LockMode::share:
    case LockMode::share_row_exclusive: return "writes";
    case LockMode::exclusive: return "writes and row locks";
    case LockMode::access_exclusive: return "every query";
    }
    return {};
}

std::string_view name_of(Dependence::Kind kind) {
    switch (kind) {
    case Dependence::Kind::exists: return "exists";
    case Dependence::Kind::changed: return "changed";
    case Dependence::Kind::gone: return "gone";
    case Dependence::Kind::late: return "late";
    case Dependence::Kind::data: return "data";
    }
    return {};
}

std::string_view name_of(Verdict verdict) {
    switch (verdict) {
    case Verdict::yes: return "yes";
    case Verdict::no: return "no";
    case Verdict::unknown: return "unknown";
    }
    return {};
}

std::string_view name_of(DataEffect effect) {
    switch (effect) {
    case DataEffect::none: return "none";
    case DataEffect::same: return "same";
    case DataEffect::repeats: return "repeats";
    case DataEffect::destroys: return "destroys";
    case DataEffect::unknown: return "unknown";
    }
    return {};
}

std::string_view name_of(RollbackVerdict verdict) {
    switch (verdict) {
    case RollbackVerdict::restores: return "restores";
    case RollbackVerdict::differs: return "differs";
    case RollbackVerdict::fails: return "fails";
    case RollbackVerdict::missing: return "missing";
    case RollbackVerdict::unknown: return "unknown";
    }
    return {};
}

std::string_view name_of(Wrapping wrapping) {
    switch (wrapping) {
    case Wrapping::explicit_block: return "explicit";
    case Wrapping::implicit_block: return "implicit";
    case Wrapping::each_statement: return "statement";
    case Wrapping::all_migrations: return "all";
    case Wrapping::script: return "script";
    }
    return "script";
}

std::optional<Wrapping> parse_wrapping(std::string_view text) {
    for (const Wrapping wrapping :
         {Wrapping::explicit_block, Wrapping::implicit_block, Wrapping::each_statement,
          Wrapping::all_migrations, Wrapping::script}) {
        if (name_of(wrapping) == text) return wrapping;
    }
    return std::nullopt;
}

} // namespace ordain
