#pragma once

#include <string>
#include <string_view>

/// First versions of the files with which other tools run Ordain. `root` is the folder of
/// migrations relative to the repository, "." for the repository itself.
namespace ordain::cli {

inline constexpr std::string_view pre_commit_path = ".pre-commit-config.yaml";
inline constexpr std::string_view github_path = ".github/workflows/ordain.yml";
inline constexpr std::string_view gitlab_path = ".gitlab-ci.yml";

[[nodiscard]] std::string pre_commit_config(std::string_view root);
[[nodiscard]] std::string github_workflow(std::string_view root);
[[nodiscard]] std::string gitlab_jobs(std::string_view root);

} // namespace ordain::cli
