/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Findings of "privtmp audit" and "privtmp check": the list that the judging code makes, and
 * that each report format writes.
 */
#ifndef PRIVTMP_FINDING_H
#define PRIVTMP_FINDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

enum severity { SEVERITY_NOTE, SEVERITY_LOW, SEVERITY_MEDIUM, SEVERITY_HIGH };

/* The rules, in the order in which reports show them. */
enum rule_id {
	RULE_INSECURE_NAME_API,
	RULE_PREDICTABLE_NAME,
	RULE_MISSING_EXCLUSIVE,
	RULE_CHECK_THEN_USE,
	RULE_LOOSE_PERMISSIONS,
	RULE_FOLLOWED_LINK,
	RULE_FOREIGN_OBJECT,
	RULE_LEFTOVER,
	RULE_OUTSIDE_KNOWLEDGE,
	RULE_HARDCODED_PATH, /* "check" alone: a "/tmp/..." in a program or script */
	RULE_NOT_COVERED,    /* the shim does not see all of it */
	RULES
};

/* The facts about a rule, in one table: rules.c. */
struct rule {
	const char *name;	/* "insecure-name-api" */
	enum severity severity; /* default of its findings */
	const char *title;	/* "A name is made before the file" */
	const char *cwe;	/* "CWE-377"; several with a blank between */
	const char *cert;	/* "FIO21-C"; likewise */
	const char *instead;	/* the remedy, in one sentence */
	const char *attack;	/* an example that shows the attack, a few lines */
	const char *help;	/* a paragraph for SARIF's help text */
};
extern const struct rule rules[RULES];

/* Where in the code. Members that are not known are NULL or 0. */
struct call_site {
	const char *module;   /* "/usr/bin/legacy" */
	const char *build_id; /* hexadecimal */
	const char *function;
	uint64_t offset; /* in the module */
	const char *file;
	unsigned line;
	const char *script; /* of an interpreter: what it runs */
	unsigned script_line;
};

struct finding {
	enum rule_id rule;
	enum severity severity;
	const char *call;    /* "open" */
	const char *args;    /* "\"/tmp/x\", O_WRONLY|O_CREAT|O_TRUNC, 0644" */
	const char *path;    /* as the program sees it; NULL: none */
	const char *message; /* one sentence for people */
	const char *detail;  /* what else is known ("check at ..., use at ..."); NULL */
	struct call_site site;
	const char *first_call;	     /* of check-then-use: the check; NULL: not known */
	struct call_site first_site; /* where that was */
	int pid;		     /* 0: none ("check") */
	const char *program;	     /* of that process */
	struct timespec time;	     /* of the first; 0: none */
	unsigned long long count;    /* how often, >= 1 */
	unsigned long long size;     /* of a left-over, in bytes */
	const char *proof;	     /* of --attack: the command that repeats it; NULL */
	bool suppressed, baseline;   /* shown apart */
};

/* A process of the forest. */
struct audit_process {
	int pid, parent;
	const char *program, *command_line;
	struct timespec start, end; /* end 0: still there, or killed */
	int status;		    /* as of waitpid(2); -1: not known */
};

/* A file's life, for the timeline. */
struct file_event {
	const char *path;
	const char *what; /* "made", "opened", "renamed", "removed", "left" */
	int pid;
	struct timespec time;
};

struct report {
	const char *command_line; /* what was run or looked at */
	struct finding *findings;
	size_t n_findings;
	struct audit_process *processes;
	size_t n_processes;
	struct file_event *events;
	size_t n_events;
	unsigned long long calls;	/* path calls seen */
	unsigned long long not_counted; /* that there was no room for */
	struct timespec start, end;
};

/* Stable over runs: rule, path with its random parts taken out, site. 16 digits. */
void finding_fingerprint(const struct finding *finding, char out[17]);

/* "note", "low", "medium", "high". */
const char *severity_word(enum severity severity);

#endif
