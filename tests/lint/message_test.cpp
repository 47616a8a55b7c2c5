#include "lint/message.hpp"

#include <array>
#include <gtest/gtest.h>
#include <string>

namespace ordain::lint {
namespace {

struct MessageCase {
    std::string message;
    NameSpace space{};
    std::string schema = {};
    std::string name = {};
    std::string container = {};
};

TEST(Message, SaysWhatItIsAbout) {
    const auto cases = std::to_array<MessageCase>({
        {.message = "relation \"users\" does not exist",
         .space = NameSpace::relation,
         .name = "users"},
        {.message = "relation \"app.users\" does not exist",
         .space = NameSpace::relation,
         .schema = "app",
         .name = "users"},
        {.message = "table \"users\" does not exist",
         .space = NameSpace::relation,
         .name = "users"},
        {.message = R"(type "mood" already exists)", .space = NameSpace::type, .name = "mood"},
        {.message = R"(column "a" of relation "t" does not exist)",
         .space = NameSpace::column,
         .name = "a",
         .container = "t"},
        {.message = "column \"a\" does not exist", .space = NameSpace::column, .name = "a"},
        {.message = "column t.a does not exist", .space = NameSpace::column, .name = "a"},
        {.message = R"(constraint "c" for relation "t" already exists)",
         .space = NameSpace::constraint,
         .name = "c",
         .container = "t"},
        {.message = "function app.f(integer, \"T\") does not exist",
         .space = NameSpace::function,
         .schema = "app",
         .name = "f"},
        {.message = "function \"f\" already exists with same argument types",
         .space = NameSpace::function,
         .name = "f"},
        {.message = "operator does not exist: integer + text", .space = NameSpace::relation},
        {.message = "schema \"s\" does not exist", .space = NameSpace::schema, .name = "s"},
        {.message = "an open \" quote", .space = NameSpace::relation},
        {.message = "", .space = NameSpace::relation},
    });
    for (const MessageCase& expected : cases) {
        SCOPED_TRACE(expected.message);
        const NamedInMessage named = named_in(expected.message);
        EXPECT_EQ(named.space, expected.space);
        EXPECT_EQ(named.schema, expected.schema);
        EXPECT_EQ(named.name, expected.name);
        EXPECT_EQ(named.container, expected.container);
    }
}

} // namespace
} // namespace ordain::lint
