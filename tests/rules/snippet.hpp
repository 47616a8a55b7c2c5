#pragma once

#include "layout/temp_folder.hpp"
#include "lint/lint.hpp"

#include <ordain/config.hpp>
#include <ordain/plan.hpp>
#include <ordain/source.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace ordain::test {

/// SQL as rule sheets and fixtures write it, linted as `ordain check` would.
///
/// A text without sections is a file of which no history is known. A line `-- file: <name>` begins
/// a section; sections are the files of one folder, which is read as a whole. A section that begins
/// with `-- base: <name>` is a file as the default branch has it: where there is one, the folder is
/// judged in a repository, and what is new in it alone. Lines before the
/// first section, or at the top of a text without any, may say:
///
///     -- postgres: 17          the server that findings are about
///     -- layout: sqlx          the tool that the folder belongs to ("plain" when not said)
///     -- setting: RULE=SEVERITY  what --rule would say; repeatable
///     -- ordain.toml: LINE     a line of the settings file; repeatable
///     -- only: RULE            findings of other rules do not count
class Snippet {
public:
    explicit Snippet(std::string_view text);

    [[nodiscard]] const SourceSet& sources() const { return sources_; }
    [[nodiscard]] const Settings& settings() const { return settings_; }
    [[nodiscard]] const Plan& plan() const { return plan_; }
    [[nodiscard]] const std::vector<Finding>& findings() const { return result_.findings; }
    /// What `ordain check` prints, with file names as the sections give them.
    [[nodiscard]] std::string report();
    /// A path of the plan as its section names it.
    [[nodiscard]] std::string name_of_file(FileId file) const;
    /// Why the folder could not be read; empty when it could.
    [[nodiscard]] const std::string& failure() const { return failure_; }

private:
    void read_directive(std::string_view line);
    void read_settings();
    void read_folder(std::string_view text);
    void hold_against_base();
    void read_lone_file(std::string_view text);

    layout::TempFolder folder_;
    std::string layout_ = "plain";
    std::string only_;
    std::string settings_text_;
    Settings settings_;
    SourceSet sources_;
    Plan plan_;
    std::vector<std::size_t> selected_;
    lint::LintResult result_;
    std::string failure_;
};

/// The lines of a text, without their ends.
[[nodiscard]] std::vector<std::string_view> lines_of(std::string_view text);

} // namespace ordain::test
