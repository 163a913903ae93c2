/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Composing the policy for the lease of a new session. */
#ifndef PRIVTMP_COMPOSE_H
#define PRIVTMP_COMPOSE_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/settings.h"

/* The directories that are guarded by default, and what is shared: colon lists. */
extern const char policy_default_guard[], policy_default_share[];

/* The name of the variable in ENVP that makes the plain PATH a shared one, or NULL. */
const char *policy_agent(char *const *envp, const char *path, size_t len);

/* Why policy_compose failed. */
struct policy_error {
	const char *what;   /* the setting: "PRIVTMP_SCOPE" */
	const char *value;  /* its value */
	const char *remedy; /* a value that is valid */
};

/*
 * Writes the prefix of a new root in the directory DIR (of LEN bytes) to OUT (SIZE
 * bytes). 0 or -errno.
 */
typedef int prefix_namer(const char *dir, size_t len, char *out, size_t size);

/* Writes "KEY VALUE\n" at *TEXT. False where it does not fit. */
bool policy_put(char **text, size_t *left, const char *key, const char *value);

/*
 * Writes the policy's lines to TEXT (SIZE bytes). NAME makes the names of the roots,
 * and ENVP gives the shared paths that the environment names. Returns the length, or -1
 * with *ERROR set.
 */
int policy_compose(const struct settings *settings, char *const *envp, prefix_namer *name,
		   char *text, size_t size, struct policy_error *error);

#endif
