#include "cli/starter_files.hpp"

#include <fmt/format.h>
#include <ordain/version.hpp>

namespace ordain::cli {
namespace {

/// A pattern of pre-commit: a regular expression on paths.
std::string pattern_of(std::string_view root) {
    if (root == ".") return R"(\.sql$)";
    std::string pattern = "^";
    for (const char character : root) {
        if (std::string_view(R"(\^$.|?*+()[]{})").find(character) != std::string_view::npos)
            pattern += '\\';
        pattern += character;
    }
    return pattern + "/";
}

} // namespace

std::string pre_commit_config(std::string_view root) {
    return fmt::format(R"(repos:
  - repo: local
    hooks:
      - id: ordain
        name: ordain
        entry: ordain check
        language: system
        files: '{}'
        require_serial: true
)",
                       pattern_of(root));
}

std::string github_workflow(std::string_view root) {
    return fmt::format(R"(name: ordain
on: pull_request
permissions:
  contents: read
jobs:
  ordain:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0 # what is new is counted from the merge base
      - uses: ordain-sql/ordain@v{}
        with:
          paths: {}
)",
                       version, root);
}

std::string gitlab_jobs(std::string_view root) {
    return fmt::format(R"(ordain:
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  variables:
    GIT_DEPTH: "0" # what is new is counted from the merge base
  script:
    - git fetch origin "$CI_MERGE_REQUEST_TARGET_BRANCH_NAME"
    - ordain check --since FETCH_HEAD --format text --format junit=ordain.xml {}
  artifacts:
    when: always
    reports:
      junit: ordain.xml
)",
                       root);
}

} // namespace ordain::cli
