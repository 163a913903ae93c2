/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The model; see model.h. Written from path_resolution(7), not from walk.c. */
#define _GNU_SOURCE
#include "model.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define ID1 ".privtmp-AAAAAAAAAAAAAAAAAAAAAA"
#define ID2 ".privtmp-BBBBBBBBBBBBBBBBBBBBBB"
#define SECRET1 "aaaaaaaaaaa"
#define SECRET2 "bbbbbbbbbbb"

const char model_policy[] = "guard /tmp/" ID1 "/" SECRET1 "\t/tmp\n"
			    "guard /var/tmp/" ID2 "/" SECRET2 "\t/var/tmp\n"
			    "share /tmp/s\n";

struct node {
	enum model_type type;
	int parent;
	char name[64];
	char text[64];
};

static struct node nodes[MODEL_NODES];
static int used;

/* The shared directories and what stands for them in the view. */
static int shared[2], backing[2], share;

int model_cwd;

static int find(int dir, const char *name)
{
	for (int i = 1; i < used; i++)
		if (nodes[i].parent == dir && !strcmp(nodes[i].name, name))
			return i;
	return -1;
}

int model_make(int dir, const char *name, enum model_type type, const char *text)
{
	if (used == MODEL_NODES || nodes[dir].type != MODEL_DIR || !*name ||
	    find(dir, name) >= 0 || (type == MODEL_LINK && !*text))
		return -1;
	nodes[used].type = type;
	nodes[used].parent = dir;
	snprintf(nodes[used].name, sizeof nodes->name, "%s", name);
	snprintf(nodes[used].text, sizeof nodes->text, "%s", text ? text : "");
	return used++;
}

static int dir(int parent, const char *name)
{
	return model_make(parent, name, MODEL_DIR, NULL);
}

void model_reset(void)
{
	int var, root;

	memset(nodes, 0, sizeof nodes);
	used = 1;
	nodes[MODEL_ROOT].parent = -1;
	shared[0] = dir(MODEL_ROOT, "tmp");
	var = dir(MODEL_ROOT, "var");
	shared[1] = dir(var, "tmp");
	dir(MODEL_ROOT, "e");
	root = dir(dir(shared[0], ID1), SECRET1);
	backing[0] = dir(root, "tmp");
	root = dir(dir(shared[1], ID2), SECRET2);
	backing[1] = dir(dir(root, "var"), "tmp");
	share = dir(shared[0], "s");
	/* What another user has put there: never to be arrived at. */
	dir(shared[0], "a");
	model_make(shared[0], "b", MODEL_FILE, NULL);
	dir(shared[1], "a");
}

static int child(enum model_reading reading, int at, const char *name)
{
	int found;

	/* In the view a shared path is found in the private directory. */
	if (reading == MODEL_VIEW && at == backing[0] && !strcmp(name, "s"))
		return share;
	found = find(at, name);
	for (int i = 0; reading == MODEL_VIEW && i < 2; i++)
		if (found == shared[i])
			return backing[i];
	return found;
}

static int up(enum model_reading reading, int at)
{
	if (reading == MODEL_VIEW && at == share)
		return backing[0];
	for (int i = 0; reading == MODEL_VIEW && i < 2; i++)
		if (at == backing[i])
			return nodes[shared[i]].parent;
	return nodes[at].parent < 0 ? MODEL_ROOT : nodes[at].parent;
}

static struct model_end fault(int error)
{
	struct model_end end = { .error = error, .node = -1 };

	return end;
}

struct walker {
	enum model_reading reading;
	int links;
};

/*
 * Walks PATH from AT; a link met on the way starts a walk of its own. With
 * WHOLE, the last component is looked up and has to be there.
 */
static struct model_end resolve(struct walker *w, int at, const char *path,
				enum follow follow)
{
	struct model_end end = { .node = at, .dir = at };
	bool slash = false;

	if (!*path)
		return fault(ENOENT);
	if (*path == '/')
		end.node = at = MODEL_ROOT;
	for (;;) {
		size_t n;
		bool last;
		int next;

		while (*path == '/')
			path++;
		if (!*path)
			break;
		n = strcspn(path, "/");
		if (n >= sizeof end.name)
			return fault(ENAMETOOLONG);
		memcpy(end.name, path, n);
		end.name[n] = '\0';
		path += n;
		slash = *path == '/';
		last = !path[strspn(path, "/")];
		if (nodes[at].type != MODEL_DIR)
			return fault(ENOTDIR);
		end.dir = at;
		if (last && follow == PARENT) {
			end.node = strcmp(end.name, ".") && strcmp(end.name, "..") ?
					   child(w->reading, at, end.name) :
					   -2;
			return end;
		}
		if (!strcmp(end.name, "."))
			next = at;
		else if (!strcmp(end.name, ".."))
			next = up(w->reading, at);
		else
			next = child(w->reading, at, end.name);
		if (next < 0) {
			if (!last)
				return fault(ENOENT);
			end.node = -1;
			return end;
		}
		if (nodes[next].type == MODEL_LINK &&
		    (!last || slash || follow == FOLLOW)) {
			if (++w->links > 40)
				return fault(ELOOP);
			end = resolve(w, at, nodes[next].text, FOLLOW);
			if (end.error)
				return end;
			if (end.node < 0) {
				if (!last)
					return fault(ENOENT);
				return end;
			}
			next = end.node;
		}
		at = end.node = next;
	}
	if (slash && nodes[at].type != MODEL_DIR)
		return fault(ENOTDIR);
	return end;
}

struct model_end model_walk(enum model_reading reading, int start, const char *path,
			    enum follow follow)
{
	struct walker w = { reading, 0 };

	return resolve(&w, start, path, follow);
}

size_t model_path(int node, char *out, size_t size)
{
	size_t n = 0;

	if (node == MODEL_ROOT) {
		snprintf(out, size, "/");
		return 1;
	}
	if (nodes[node].parent != MODEL_ROOT)
		n = model_path(nodes[node].parent, out, size);
	return n + (size_t)snprintf(out + n, size - n, "/%s", nodes[node].name);
}

const char *model_text(int node)
{
	return nodes[node].type == MODEL_LINK ? nodes[node].text : NULL;
}

bool model_is_dir(int node)
{
	return nodes[node].type == MODEL_DIR;
}

bool model_is_private(int node)
{
	for (; node > 0; node = nodes[node].parent)
		if (node == backing[0] || node == backing[1])
			return true;
	return false;
}
