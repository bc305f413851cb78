/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A YAML document as a tree in which every node knows its line and column. Built from libyaml's events, so that what a
 * scenario may not contain (anchors, aliases, tags, several documents, duplicate keys) is refused where it stands. */
#ifndef PC_SCENARIO_YAML_H
#define PC_SCENARIO_YAML_H

#include "base/memory.h"
#include "scenario/problems.h"

typedef enum pc_node_kind { PC_NODE_SCALAR, PC_NODE_MAP, PC_NODE_LIST } pc_node_kind;

typedef struct pc_node pc_node;
struct pc_node {
    pc_node_kind kind;
    pc_spot spot;
    const char *text; /* of a scalar, NUL-terminated, without NUL inside */
    int quoted;       /* scalar in quotes or as a block: a text, never a number */
    int n, room;      /* items of a list, entries of a map */
    pc_node **keys;   /* [n] of a map: scalars */
    pc_node **items;  /* [n] */
};

/* Reads a file's one document. NULL on a problem (added to `problems`) or without memory (status). Owned by the arena.
 */
pc_node *pc_yaml_read(const pc_file *file, pc_arena *arena, pc_problems *problems, pc_status *status);
/* Reads a value given on the command line; its nodes carry `label` as their place. */
pc_node *pc_yaml_value(const char *text, const char *label, pc_arena *arena, pc_problems *problems, pc_status *status);

/* New empty map at a place; NULL without memory. */
pc_node *pc_node_map(pc_arena *arena, pc_spot spot);
/* Index of a key in a map, -1: absent (or not a map). */
int pc_node_find(const pc_node *map, const char *key);
/* Sets or adds a key. 0 without memory. */
int pc_node_set(pc_node *map, const char *key, pc_spot key_spot, pc_node *item, pc_arena *arena);
/* 1 for a plain scalar that stands for nothing: "", "~", "null". */
int pc_node_empty(const pc_node *node);
/* How a message names what was found: a scalar's text in quotes, "a map", "a list", "nothing". */
const char *pc_node_found(const pc_node *node, char *buffer, size_t size);

#endif
