#pragma once

#include "replay/script.hpp"

#include <ordain/catalog.hpp>
#include <ordain/source.hpp>
#include <ordain/statement.hpp>
#include <string_view>
#include <vector>

namespace ordain::test {

/// A script that ran on an empty catalog, statement by statement as psql sends it.
struct Replayed {
    explicit Replayed(std::string_view sql);

    SourceSet sources;
    std::vector<Statement> statements;
    Catalog catalog;
    replay::ScriptRun run;
};

} // namespace ordain::test
