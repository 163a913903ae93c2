/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writing a policy down, for the lease of a new session. */
#ifndef PRIVTMP_COMPOSE_H
#define PRIVTMP_COMPOSE_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/settings.h"

/* What is guarded and shared where nobody says otherwise: colon lists. */
extern const char policy_default_guard[];

/*
 * The variable (its name) in ENVP because of which the plain PATH is shared, or
 * NULL.
 */
const char *policy_agent(char *const *envp, const char *path, size_t len);

/* How policy_compose failed. */
struct policy_error {
	const char *what;   /* the setting: "PRIVTMP_SCOPE" */
	const char *value;  /* what it held */
	const char *remedy; /* what would do */
};

/*
 * Writes the prefix of a new root in the directory DIR (of LEN bytes) to OUT (SIZE
 * bytes). 0 or -errno.
 */
typedef int prefix_namer(const char *dir, size_t len, char *out, size_t size);

/* Writes "KEY VALUE" and a line's end at *TEXT; false when it does not fit. */
bool policy_put(char **text, size_t *left, const char *key, const char *value);

/*
 * Writes the policy's lines into TEXT (SIZE bytes), for a session whose roots
 * are named by NAME. ENVP gives the shared paths that the environment names.
 * Returns the text's length, or -1 with *ERROR filled in.
 */
int policy_compose(const struct settings *settings, char *const *envp, prefix_namer *name,
		   char *text, size_t size, struct policy_error *error);

#endif
