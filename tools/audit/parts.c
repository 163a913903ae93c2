/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the formats of a report have in common; see parts.h. */
#include "parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *severity_word(enum severity severity)
{
	static const char *const words[] = {
		[SEVERITY_NOTE] = "note",
		[SEVERITY_LOW] = "low",
		[SEVERITY_MEDIUM] = "medium",
		[SEVERITY_HIGH] = "high",
	};

	return words[severity];
}

bool finding_counts(const struct finding *finding)
{
	return !finding->suppressed && !finding->baseline;
}

void count_findings(const struct report *report, struct severity_counts *out)
{
	memset(out, 0, sizeof *out);
	for (size_t i = 0; i < report->n_findings; i++) {
		const struct finding *f = &report->findings[i];

		if (f->suppressed) {
			out->suppressed++;
		} else if (f->baseline) {
			out->baseline++;
		} else {
			out->of[f->severity]++;
			out->all++;
		}
	}
}

static int compare_texts(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

/* Of the findings that are being ordered, the most severe of each rule. */
static enum severity worst[RULES];

static int compare(const void *left, const void *right)
{
	const struct finding *a = *(const struct finding *const *)left;
	const struct finding *b = *(const struct finding *const *)right;
	int order;

	if (worst[a->rule] != worst[b->rule])
		return worst[a->rule] > worst[b->rule] ? -1 : 1;
	if (a->rule != b->rule)
		return a->rule < b->rule ? -1 : 1;
	if (a->severity != b->severity)
		return a->severity > b->severity ? -1 : 1;
	order = compare_texts(a->path, b->path);
	/* An order of their own, so that the same report is written the same twice. */
	return order ? order : a < b ? -1 : a > b;
}

enum severity worst_of(const struct report *report, enum rule_id rule)
{
	enum severity most = SEVERITY_NOTE;

	for (size_t i = 0; i < report->n_findings; i++) {
		const struct finding *f = &report->findings[i];

		if (f->rule == rule && finding_counts(f) && f->severity > most)
			most = f->severity;
	}
	return most;
}

const struct finding **findings_in_order(const struct report *report)
{
	const struct finding **order = calloc(report->n_findings + 1, sizeof(void *));

	if (!order)
		return NULL;
	for (size_t i = 0; i < report->n_findings; i++)
		order[i] = &report->findings[i];
	for (int rule = 0; rule < RULES; rule++)
		worst[rule] = worst_of(report, (enum rule_id)rule);
	qsort(order, report->n_findings, sizeof(void *), compare);
	return order;
}

static bool is_before(struct timespec a, struct timespec b)
{
	return a.tv_sec < b.tv_sec || (a.tv_sec == b.tv_sec && a.tv_nsec < b.tv_nsec);
}

const struct audit_process *process_at(const struct report *report, int pid,
				       struct timespec time)
{
	const struct audit_process *best = NULL;

	/* A number is given again to a later process. */
	for (size_t i = 0; i < report->n_processes; i++) {
		const struct audit_process *p = &report->processes[i];

		if (p->pid != pid || (best && is_before(time, p->start)))
			continue;
		if (!best || is_before(best->start, p->start))
			best = p;
	}
	return best;
}

double seconds_since(const struct report *report, struct timespec time)
{
	return (double)(time.tv_sec - report->start.tv_sec) +
	       (double)(time.tv_nsec - report->start.tv_nsec) / 1e9;
}

const char *next_word(const char *list, size_t *len)
{
	if (!list)
		return NULL;
	list += strspn(list, " ");
	*len = strcspn(list, " ");
	return *len ? list : NULL;
}

/* Whether TEXT stays what it is between two '. */
static bool is_quotable(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || (unsigned char)*text >= 0x7f ||
		    *text == '\'')
			return false;
	return true;
}

void put_shell_word(FILE *out, const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789/._-+,:@%";

	if (*text && !text[strspn(text, plain)]) {
		fputs(text, out);
		return;
	}
	if (is_quotable(text)) {
		fprintf(out, "'%s'", text);
		return;
	}
	fputs("$'", out);
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			fprintf(out, "\\x%02x", (unsigned char)*text);
		else
			fprintf(out, strchr("'\\", *text) ? "\\%c" : "%c", *text);
	putc('\'', out);
}

char *attack_of(const struct finding *finding)
{
	static const char place[] = "@PATH@";
	const char *at = rules[finding->rule].attack;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	for (const char *next; (next = strstr(at, place)); at = next + sizeof place - 1) {
		fwrite(at, 1, (size_t)(next - at), out);
		put_shell_word(out, finding->path ? finding->path : "/tmp/name");
	}
	fputs(at, out);
	return fclose(out) == 0 ? text : NULL;
}

char *site_text(const struct call_site *site)
{
	const char *comma = "";
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	if (site->script) {
		fputs(site->script, out);
		if (site->script_line)
			fprintf(out, ":%u", site->script_line);
		comma = ", ";
	}
	if (site->function || site->file) {
		fprintf(out, "%s%s", comma, site->function ? site->function : "");
		if (site->file)
			fprintf(out, site->function ? " (%s:%u)" : "%s:%u", site->file,
				site->line);
		comma = ", ";
	}
	if (site->module)
		fprintf(out, "%s%s+0x%llx", comma, site->module,
			(unsigned long long)site->offset);
	return fclose(out) == 0 ? text : NULL;
}

enum { DEEPEST_TREE = 32 };

char *process_text(const struct report *report, const struct finding *finding)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int pid = finding->pid;

	if (!out)
		return NULL;
	if (pid)
		fprintf(out, "%s[%d]", finding->program ? finding->program : "?", pid);
	for (int i = 0; pid && i < DEEPEST_TREE; i++) {
		const struct audit_process *p = process_at(report, pid, finding->time);

		p = p ? process_at(report, p->parent, p->start) : NULL;
		if (!p || p->pid == pid)
			break;
		fprintf(out, ", from %s[%d]", p->program ? p->program : "?", p->pid);
		pid = p->pid;
	}
	return fclose(out) == 0 ? text : NULL;
}
