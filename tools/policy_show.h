/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Showing a session's policy, which its owner has written. */
#ifndef PRIVTMP_POLICY_SHOW_H
#define PRIVTMP_POLICY_SHOW_H

#include <stdio.h>

#include "policy/policy.h"

/* Writes what is guarded as an array: views and backings. POLICY may be NULL. */
void policy_json_guards(FILE *out, const struct policy *policy);

/* Writes all of it as an object. */
void policy_json(FILE *out, const struct policy *policy);

/* Writes it as lines that begin with two blanks and a word. */
void policy_text(FILE *out, const struct policy *policy);

#endif
