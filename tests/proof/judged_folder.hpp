#pragma once

#include "layout/temp_folder.hpp"
#include "proof/judge.hpp"

#include <ordain/config.hpp>
#include <ordain/plan.hpp>
#include <ordain/source.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace ordain::test {

/// The SQL of one migration.
struct Scripts {
    std::string_view up;
    std::string_view down; ///< No file when empty.
};

/// A folder of migrations as sqlx names them, each in a transaction of its own, and what is judged
/// of it.
class JudgedFolder {
public:
    explicit JudgedFolder(const std::vector<Scripts>& migrations, const Settings& settings = {});

    [[nodiscard]] const proof::Judged& judged() const { return judged_; }
    /// Of the migration with that ordinal, from 1.
    [[nodiscard]] const MigrationJudgement& judgement(std::size_t ordinal) const {
        return judged_.judgements.at(ordinal - 1);
    }

private:
    layout::TempFolder folder_;
    SourceSet sources_;
    Plan plan_;
    proof::Judged judged_;
};

/// "yes", "no 42P07 in 2: relation "t" already exists", "unknown: the reason".
[[nodiscard]] std::string show(const Answer& answer);
/// "table "public.t", enum "public.m"".
[[nodiscard]] std::string show(const std::vector<ObjectReference>& objects);

} // namespace ordain::test
