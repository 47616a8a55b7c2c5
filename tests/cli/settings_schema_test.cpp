// The JSON Schema of ordain.toml that editors use is the one that the list of its keys gives.
// ORDAIN_UPDATE_GOLDENS=1 writes it anew.

#include "cli/settings.hpp"
#include "report/settings_schema.hpp"

#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <string>

namespace ordain::report {
namespace {

TEST(SettingsSchema, IsTheOneInTheDocs) {
    const std::string schema = settings_schema(cli::vocabulary());
    const std::string path = ORDAIN_DOCS_DIR "/schemas/ordain.toml.json";
    if (std::getenv("ORDAIN_UPDATE_GOLDENS") != nullptr) {
        std::ofstream(path, std::ios::binary) << schema;
    }
    std::ifstream stream(path, std::ios::binary);
    EXPECT_EQ(schema, std::string(std::istreambuf_iterator<char>(stream), {}));
}

} // namespace
} // namespace ordain::report
