#pragma once

#include "replay/step.hpp"

#include <ordain/action.hpp>

/// What each Action does, one function an alternative of ActionPayload. Transaction is not among
/// them: it belongs to the script (script.cpp).
namespace ordain::replay {

// tables.cpp
void apply(Step& step, const CreateSchema& create);
void apply(Step& step, const CreateTable& create);
void apply(Step& step, const CreateTableAs& create);

// alter_table.cpp
void apply(Step& step, const AddColumn& add);
void apply(Step& step, const DropColumn& drop);
void apply(Step& step, const SetColumnDefault& set);
void apply(Step& step, const SetColumnNotNull& set);
void apply(Step& step, const AlterColumnType& alter);
void apply(Step& step, const AddIdentity& add);
void apply(Step& step, const AlterIdentity& alter);
void apply(Step& step, const DropIdentity& drop);
void apply(Step& step, const DropExpression& drop);
void apply(Step& step, const AddConstraint& add);
void apply(Step& step, const DropConstraint& drop);
void apply(Step& step, const ValidateConstraint& validate);
void apply(Step& step, const AlterConstraint& alter);
void apply(Step& step, const SetRowSecurity& set);
void apply(Step& step, const SetTriggerState& set);
void apply(Step& step, const AttachPartition& attach);
void apply(Step& step, const DetachPartition& detach);
void apply(Step& step, const SetInherit& set);
void apply(Step& step, const SetPersistence& set);
void apply(Step& step, const SetProperty& set);

// indexes.cpp
void apply(Step& step, const CreateIndex& create);

// views.cpp
void apply(Step& step, const CreateView& create);
void apply(Step& step, const RefreshMaterializedView& refresh);

// sequences.cpp
void apply(Step& step, const CreateSequence& create);
void apply(Step& step, const AlterSequence& alter);

// functions.cpp
void apply(Step& step, const CreateFunction& create);
void apply(Step& step, const AlterFunction& alter);

// types.cpp
void apply(Step& step, const CreateEnum& create);
void apply(Step& step, const AlterEnumAdd& add);
void apply(Step& step, const AlterEnumRename& rename);
void apply(Step& step, const CreateDomain& create);
void apply(Step& step, const AlterDomain& alter);
void apply(Step& step, const CreateCompositeType& create);
void apply(Step& step, const CreateRange& create);

// parts.cpp: what hangs on a table
void apply(Step& step, const CreateTrigger& create);
void apply(Step& step, const CreatePolicy& create);
void apply(Step& step, const AlterPolicy& alter);
void apply(Step& step, const CreateRule& create);
void apply(Step& step, const CreateStatistics& create);

// cluster.cpp: what has no schema
void apply(Step& step, const CreateExtension& create);
void apply(Step& step, const CreateRole& create);
void apply(Step& step, const AlterRole& alter);
void apply(Step& step, const CreatePublication& create);

// drop.cpp
void apply(Step& step, const DropObject& drop);

// rename.cpp
void apply(Step& step, const RenameObject& rename);
void apply(Step& step, const SetSchema& set);

// attributes.cpp: what any object can be given
void apply(Step& step, const SetOwner& set);
void apply(Step& step, const CommentOn& comment);
void apply(Step& step, const Grant& grant);
void apply(Step& step, const GrantRole& grant);

// rows.cpp
void apply(Step& step, const RunQuery& run);
void apply(Step& step, const Truncate& truncate);
void apply(Step& step, const CopyRows& copy);
void apply(Step& step, const LockTable& lock);
void apply(Step& step, const Maintain& maintain);

// settings.cpp
void apply(Step& step, const SetVariable& set);

// unmodelled.cpp
void apply(Step& step, const Unmodelled& unmodelled);
void apply(Step& step, const Do& block);
void apply(Step& step, const Call& call);

} // namespace ordain::replay
