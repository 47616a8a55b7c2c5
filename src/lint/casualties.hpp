#pragma once

#include <ordain/rule.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace ordain::lint {

/// An object that an action dropped by name, and what went with it.
struct Loss {
    const Dropped* named = nullptr;
    const Object* object = nullptr;
    /// What went with it: what is part of something that went goes without saying, and so does what
    /// this deployment made.
    std::vector<const Dropped*> others;
};

/// What the action dropped by name, in the order of the statement. Empty where it was refused or
/// found nothing.
[[nodiscard]] std::vector<Loss> losses_of(const ActionContext& context);

/// `view "a"`, `foreign key "b" of "c"`, `the default of "d" of "e"`.
[[nodiscard]] std::string describe(const ActionContext& context, const Dropped& dropped);

/// The tables among what went with it, which hold rows; a partition counts as part of its table.
[[nodiscard]] std::vector<const Object*> tables_of(const ActionContext& context, const Loss& loss);

/// Whether rows or values are gone with it for good: it is a table or a column of one. What a
/// materialized view holds can be computed again, and the rows of a foreign table are elsewhere.
[[nodiscard]] bool holds_data(const ActionContext& context, const Dropped& dropped);

/// Where each of them was made; long lists say how many more there are.
void add_notes(const ActionContext& context,
               const std::vector<const Dropped*>& others,
               Finding& finding);

/// " for good", or ", but for what was copied before": how much of what a statement destroys is
/// lost.
[[nodiscard]] std::string_view beyond_repair(const RowUse* copy);

/// Where what a finding calls lost was copied before, it is a warning that says where.
void note_copy(const RowUse* copy, Finding& finding);

/// `"a", "b", "c" and 4 more`.
[[nodiscard]] std::string join_names(const std::vector<std::string>& names);

} // namespace ordain::lint
