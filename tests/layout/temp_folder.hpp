#pragma once

#include <filesystem>
#include <ordain/plan.hpp>
#include <ordain/source.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace ordain::layout {

/// A folder of the test's own, removed with everything in it. It holds a `.git`, as a
/// work tree does, so that nothing above it counts as a project file.
class TempFolder {
public:
    TempFolder();
    ~TempFolder();
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;

    /// Writes a file and makes the folders that it needs.
    void write(std::string_view name, std::string_view text) const;
    void make_folder(std::string_view name) const;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] std::filesystem::path operator/(std::string_view name) const {
        return path_ / name;
    }
    /// The text with this folder's path taken out.
    [[nodiscard]] std::string relative(std::string text) const;

private:
    std::filesystem::path path_;
};

/// A line for each migration: `id version wrapping up [down]`, scripts as file names below the
/// plan's root.
[[nodiscard]] std::vector<std::string> lines_of(const Plan& plan, const SourceSet& sources);
/// A line for each note: `severity path: message`.
[[nodiscard]] std::vector<std::string> notes_of(const Plan& plan, const TempFolder& folder);

} // namespace ordain::layout
