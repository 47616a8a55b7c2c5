#include <gtest/gtest.h>
#include <ordain/catalog.hpp>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace ordain {
namespace {

constexpr ObjectId public_schema{first_user_object};

Origin at(std::uint32_t migration) {
    return {.migration = migration, .statement = 1, .span = {}};
}

Object make_table(Catalog& catalog, const std::string& name, Origin by) {
    Object table;
    table.id = catalog.allocate();
    table.kind = ObjectKind::table;
    table.schema = public_schema;
    table.name = name;
    table.created = table.named = table.changed = by;
    table.details = RelationDetails{};
    return table;
}

Object make_column(Catalog& catalog, ObjectId table, const std::string& name, ObjectId depends_on) {
    Object column;
    column.id = catalog.allocate();
    column.kind = ObjectKind::column;
    column.parent = table;
    column.name = name;
    column.details = ColumnDetails{};
    if (depends_on != no_object) column.depends.push_back({.on = depends_on});
    return column;
}

/// Everything that a lookup can see.
std::string dump(const Catalog& catalog) {
    std::string text;
    for (const Object* object : catalog.objects()) {
        text += std::to_string(static_cast<std::uint32_t>(object->id)) + " " + object->name + ":";
        for (const ObjectId id : catalog.children(object->id)) {
            text += " c" + std::to_string(static_cast<std::uint32_t>(id));
        }
        for (const ObjectId id : catalog.dependents(object->id)) {
            text += " d" + std::to_string(static_cast<std::uint32_t>(id));
        }
        for (const FormerDependent& former : catalog.former_dependents(object->id)) {
            text += " f" + std::to_string(static_cast<std::uint32_t>(former.object)) + "/" +
                    std::to_string(former.removed.migration);
        }
        const NameSpace space = name_space_of(object->kind);
        const ObjectId container = object->parent != no_object ? object->parent : object->schema;
        const Object* found = catalog.find(space, container, object->name);
        text += found == object ? " found\n" : " hidden\n";
    }
    for (int name = 0; name < 8; ++name) {
        const std::string word = "t" + std::to_string(name);
        const Tombstone* grave = catalog.tombstone(NameSpace::relation, public_schema, word);
        if (grave != nullptr)
            text += word + " went " + std::to_string(grave->removed.migration) + "\n";
        const Taint* taint = catalog.taint(word);
        if (taint != nullptr) text += word + " tainted " + std::to_string(taint->creates) + "\n";
    }
    return text;
}

/// One change of a random kind, among few names so that they meet.
void change(Catalog& catalog, std::mt19937& random, std::uint32_t step) {
    const std::string name = "t" + std::to_string(random() % 8);
    const Object* table = catalog.find(NameSpace::relation, public_schema, name);
    switch (random() % 5) {
    case 0:
        if (table == nullptr) catalog.put(make_table(catalog, name, at(step)));
        return;
    case 1:
        if (table != nullptr) {
            for (const ObjectId child : catalog.children(table->id))
                catalog.erase(child, at(step));
            catalog.erase(table->id, at(step));
        }
        return;
    case 2:
        if (table != nullptr) {
            const std::string column = "c" + std::to_string(step);
            catalog.put(make_column(catalog, table->id, column, public_schema));
        }
        return;
    case 3: {
        const std::string other = "t" + std::to_string(random() % 8);
        const bool free = catalog.find(NameSpace::relation, public_schema, other) == nullptr;
        if (table == nullptr || !free) return;
        Object renamed = *table;
        renamed.name = other;
        renamed.changed = at(step);
        catalog.put(std::move(renamed));
        return;
    }
    default: {
        Taint taint;
        taint.reason = "seen";
        taint.creates = Taint::bit(NameSpace::relation);
        catalog.set_taint(name, std::move(taint));
    }
    }
}

TEST(Journal, UndoRestoresAndRedoRepeats) {
    for (std::uint32_t seed = 0; seed < 200; ++seed) {
        SCOPED_TRACE(seed);
        std::mt19937 random(seed);
        Catalog catalog;
        for (std::uint32_t step = 0; step < 20; ++step)
            change(catalog, random, step);
        const std::string before = dump(catalog);
        const Catalog::Mark mark = catalog.mark();
        for (std::uint32_t step = 20; step < 60; ++step)
            change(catalog, random, step);
        const std::string after = dump(catalog);
        const Catalog::Delta delta = catalog.undo(mark);
        ASSERT_EQ(dump(catalog), before);
        catalog.redo(delta);
        ASSERT_EQ(dump(catalog), after);
        static_cast<void>(catalog.undo(mark));
        ASSERT_EQ(dump(catalog), before);
    }
}

TEST(Journal, VersionsAtAMarkAreTheOldOnes) {
    Catalog catalog;
    Object table = make_table(catalog, "before", at(1));
    const ObjectId id = table.id;
    catalog.put(table);
    const Catalog::Mark mark = catalog.mark();
    table.name = "between";
    catalog.put(table);
    table.name = "after";
    catalog.put(table);
    EXPECT_EQ(catalog.at(id).name, "after");
    const std::vector<Catalog::Touched> touched = catalog.touched_since(mark);
    ASSERT_EQ(touched.size(), 1U);
    EXPECT_EQ(touched.front().object, id);
    EXPECT_EQ(touched.front().before->name, "before");
    catalog.erase(id, at(2));
    EXPECT_EQ(catalog.find(id), nullptr);
    EXPECT_EQ(catalog.last_version(id)->name, "after");
}

struct NameCase {
    std::string_view name;
    Catalog::Removal removal;
    std::uint32_t taken_by;
    std::uint32_t origin;
    bool remade;
};

TEST(Journal, ANameFreedByTheSameMigrationKeepsItsOrigin) {
    const std::vector<NameCase> cases = {
        {.name = "t",
         .removal = Catalog::Removal::required,
         .taken_by = 2,
         .origin = 1,
         .remade = false},
        {.name = "t",
         .removal = Catalog::Removal::incidental,
         .taken_by = 2,
         .origin = 1,
         .remade = true},
        {.name = "t",
         .removal = Catalog::Removal::required,
         .taken_by = 3,
         .origin = 3,
         .remade = false},
        {.name = "u",
         .removal = Catalog::Removal::required,
         .taken_by = 2,
         .origin = 2,
         .remade = false},
    };
    for (const NameCase& each : cases) {
        SCOPED_TRACE(each.taken_by);
        Catalog catalog;
        const Object table = make_table(catalog, "t", at(1));
        catalog.put(table);
        catalog.erase(table.id, at(2), each.removal);
        Object successor = make_table(catalog, std::string(each.name), at(each.taken_by));
        catalog.set_name_origin(successor, public_schema, at(each.taken_by));
        EXPECT_EQ(successor.named.migration, each.origin);
        EXPECT_EQ(successor.remade, each.remade);
    }
}

TEST(Journal, APartMadeAgainWithItsTableKeepsItsOrigin) {
    Catalog catalog;
    const Object table = make_table(catalog, "t", at(1));
    catalog.put(table);
    Object column = make_column(catalog, table.id, "c", no_object);
    column.named = at(1);
    catalog.put(column);
    catalog.erase(column.id, at(2), Catalog::Removal::incidental);
    catalog.erase(table.id, at(2));
    const Object again = make_table(catalog, "t", at(2));
    catalog.put(again);
    Object successor = make_column(catalog, again.id, "c", no_object);
    catalog.set_name_origin(successor, again.id, at(2));
    EXPECT_EQ(successor.named.migration, 1U);
    EXPECT_TRUE(successor.remade);
}

TEST(Journal, FormerDependentsAreThoseOfEarlierMigrations) {
    Catalog catalog;
    const Object target = make_table(catalog, "t", at(1));
    catalog.put(target);
    Object dependent = make_table(catalog, "u", at(1));
    dependent.depends.push_back({.on = target.id});
    catalog.put(dependent);
    Object passing = make_table(catalog, "v", at(2));
    passing.depends.push_back({.on = target.id});
    catalog.put(passing);
    const Catalog::Mark mark = catalog.mark();
    catalog.erase(dependent.id, at(2));
    catalog.erase(passing.id, at(2));
    const std::vector<FormerDependent>& former = catalog.former_dependents(target.id);
    ASSERT_EQ(former.size(), 1U);
    EXPECT_EQ(former.front().object, dependent.id);
    EXPECT_EQ(former.front().removed.migration, 2U);
    EXPECT_EQ(catalog.removed_by(dependent.id).migration, 2U);
    static_cast<void>(catalog.undo(mark));
    EXPECT_TRUE(catalog.former_dependents(target.id).empty());
    EXPECT_EQ(catalog.removed_by(dependent.id).migration, 0U);
}

} // namespace
} // namespace ordain
