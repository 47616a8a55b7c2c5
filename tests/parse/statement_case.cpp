#include "statement_case.hpp"

#include "action_dump.hpp"
#include "name_check.hpp"
#include "parse/parser.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ordain::parse {

void expect_statements(const std::vector<StatementCase>& cases) {
    for (const StatementCase& expected : cases) {
        SCOPED_TRACE(expected.marked);
        const std::string sql = without_marks(expected.marked);
        Statement statement = parse_statement(sql, 0, 1);
        EXPECT_EQ(statement.fault ? statement.fault->message : "", "");
        EXPECT_EQ(dump(statement.actions), expected.actions);
        EXPECT_EQ(mark_names(sql, statement.actions), expected.marked);
        EXPECT_THAT(misplaced_names(statement, sql), testing::IsEmpty());
    }
}

} // namespace ordain::parse
