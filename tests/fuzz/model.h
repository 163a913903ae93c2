/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A model of the kernel's walk over a small tree, in two readings of it: what
 * is really there, and the view, in which a guarded directory is its backing.
 */
#ifndef PRIVTMP_FUZZ_MODEL_H
#define PRIVTMP_FUZZ_MODEL_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/view.h"

enum { MODEL_NODES = 64, MODEL_ROOT = 0 };

enum model_type { MODEL_DIR, MODEL_FILE, MODEL_LINK };

enum model_reading { MODEL_REAL, MODEL_VIEW };

/* Where a walk ends: at a node, or at a free name in a directory. */
struct model_end {
	int error; /* errno, or 0 */
	int node;  /* -1: the name is free */
	int dir;
	char name[64];
};

/* Empties the tree and makes the directories that every test needs. */
void model_reset(void);

/* Makes a node; its number, or -1 (the name is taken, the tree is full). */
int model_make(int dir, const char *name, enum model_type type, const char *text);

struct model_end model_walk(enum model_reading reading, int start, const char *path,
			    enum follow follow);

/* The real path of a node; returns its length. */
size_t model_path(int node, char *out, size_t size);

/* The text of a link, or NULL. */
const char *model_text(int node);

bool model_is_dir(int node);

/* Whether the node lies in a backing. */
bool model_is_private(int node);

/* The working directory of the walker under test. */
extern int model_cwd;

/* The policy that goes with the tree. */
extern const char model_policy[];

#endif
