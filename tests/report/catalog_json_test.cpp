#include "report/catalog_json.hpp"

#include <gtest/gtest.h>
#include <string>
#include <utility>

namespace ordain::report {
namespace {

/// Fills a catalog by hand: what the replay would make of a few statements.
class CatalogJson : public testing::Test {
protected:
    ObjectId put(ObjectKind kind,
                 std::string name,
                 ObjectId schema,
                 ObjectId parent,
                 ObjectDetails details) {
        Object object;
        object.id = catalog_.allocate();
        object.kind = kind;
        object.name = std::move(name);
        object.schema = schema;
        object.parent = parent;
        object.created = {.migration = 1, .statement = 1, .span = {}};
        object.details = std::move(details);
        const ObjectId id = object.id;
        catalog_.put(std::move(object));
        return id;
    }

    ObjectId put_schema(std::string name) {
        return put(ObjectKind::schema, std::move(name), no_object, no_object, SchemaDetails{});
    }

    ObjectId put_table(std::string name, ObjectId schema) {
        return put(ObjectKind::table, std::move(name), schema, no_object, RelationDetails{});
    }

    ObjectId put_column(std::string name, ObjectId table, ColumnDetails details) {
        return put(ObjectKind::column, std::move(name), no_object, table, std::move(details));
    }

    /// The one object of a name, as it is written.
    [[nodiscard]] Json written(std::string_view name) const {
        const Json all = catalog_json(catalog_, catalog::World::closed);
        for (const Json& object : all) {
            if (object["name"] == name) return object;
        }
        return nullptr;
    }

    void change(ObjectId id, void (*edit)(Object&)) {
        Object object = catalog_.at(id);
        edit(object);
        catalog_.put(std::move(object));
    }

    Catalog catalog_;
};

constexpr ObjectId int4{23};

TEST_F(CatalogJson, Column) {
    const ObjectId table = put_table("t", put_schema("app"));
    put_column("id", table,
               {.number = 1,
                .type = {.type = int4, .array = false, .modifier = -1},
                .not_null = true,
                .has_default = false,
                .default_ = {},
                .generated = '\0',
                .identity = 'd',
                .inherited = false,
                .collation = {},
                .properties = {}});
    EXPECT_EQ(written("id"), Json::parse(R"({
        "kind": "column", "schema": "app", "table": "t", "name": "id", "type": "integer",
        "not_null": true, "has_default": false, "generated": null, "identity": "by default"})"));
}

TEST_F(CatalogJson, ColumnOfUnknownType) {
    put_column("x", put_table("t", put_schema("app")), {});
    EXPECT_TRUE(written("x").at("type").is_null());
}

TEST_F(CatalogJson, ForeignKey) {
    const ObjectId schema = put_schema("app");
    const ObjectId parent = put_table("parent", schema);
    const ObjectId child = put_table("child", schema);
    ConstraintDetails key;
    key.kind = ConstraintDefinition::Kind::foreign_key;
    key.columns = {put_column("parent_id", child, {})};
    key.referenced = parent;
    key.referenced_columns = {put_column("id", parent, {})};
    key.on_delete = ReferentialAction::cascade;
    key.validated = false;
    put(ObjectKind::constraint, "child_fkey", no_object, child, key);
    EXPECT_EQ(written("child_fkey"), Json::parse(R"({
        "kind": "constraint", "schema": "app", "table": "child", "name": "child_fkey",
        "type": "foreign key", "columns": ["parent_id"], "validated": false,
        "references": {"schema": "app", "table": "parent", "columns": ["id"],
                       "on_delete": "cascade", "on_update": "no action"}})"));
}

TEST_F(CatalogJson, IndexWithAnExpression) {
    const ObjectId schema = put_schema("app");
    const ObjectId table = put_table("t", schema);
    IndexDetails index;
    index.unique = true;
    index.elements.resize(2);
    index.elements[0].column = put_column("a", table, {});
    index.predicate.append("a IS NOT NULL");
    put(ObjectKind::index, "t_idx", schema, table, index);
    EXPECT_EQ(written("t_idx"), Json::parse(R"({
        "kind": "index", "schema": "app", "table": "t", "name": "t_idx", "unique": true,
        "method": "btree", "columns": ["a", null], "predicate": true})"));
}

TEST_F(CatalogJson, FunctionAndEnum) {
    const ObjectId schema = put_schema("app");
    FunctionDetails function;
    function.arguments = {{.type = int4, .array = false, .modifier = -1}};
    put(ObjectKind::function, "f", schema, no_object, function);
    put(ObjectKind::enum_, "mood", schema, no_object,
        EnumDetails{.labels = {"sad", "ok"}, .uncommitted = {}});
    EXPECT_EQ(written("f"), Json::parse(R"({
        "kind": "function", "schema": "app", "name": "f", "arguments": ["integer"]})"));
    EXPECT_EQ(written("mood"), Json::parse(R"({
        "kind": "enum", "schema": "app", "name": "mood", "labels": ["sad", "ok"]})"));
}

TEST_F(CatalogJson, DoubtsAreWritten) {
    const ObjectId table = put_table("t", put_schema("app"));
    change(table, [](Object& object) { object.unknown = "an ALTER was not read"; });
    Taint taint;
    taint.reason = "a DO block may drop it";
    taint.drops = Taint::bit(NameSpace::relation);
    catalog_.set_taint("t", taint);
    EXPECT_EQ(written("t"), Json::parse(R"({
        "kind": "table", "schema": "app", "name": "t", "row_security": false,
        "unknown": "an ALTER was not read", "presence": "maybe"})"));
}

TEST_F(CatalogJson, AssumedObjectsAreLeftOut) {
    const ObjectId assumed = put_table("assumed", put_schema("app"));
    change(assumed, [](Object& object) { object.created.migration = 0; });
    EXPECT_TRUE(written("assumed").is_null());
    EXPECT_FALSE(written("app").is_null());
}

} // namespace
} // namespace ordain::report
