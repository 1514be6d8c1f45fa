// All tasks of a project in this tab, kept up to date by the project's channel.

import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { STATUSES } from '../logic/board';
import type { BoardNews, Task, TaskStatus } from './boardTypes';
import { Problem } from './client';
import type { LineState } from './line';
import { useChannel } from './live';
import { boards } from './projects';
import { queryClient } from './queries';

const COLUMN_MAX = 10_000;
const NEWS_MS = 60;
/// When more tasks than this changed at once, all are asked for again instead of each.
const NEWS_MAX = 40;

/// @param cut columns that have more tasks than are kept here
export interface Board { tasks: ReadonlyMap<string, Task>; cut: TaskStatus[] }

/// What was heard of single tasks while all were asked for: it is newer.
const heardOf = new Map<string, Map<string, Task | null>>();

const key = (project: string) => ['board', project];

async function load(project: string): Promise<Board> {
  const heard = new Map<string, Task | null>();
  heardOf.set(project, heard);
  const tasks = new Map<string, Task>();
  const cut: TaskStatus[] = [];
  await Promise.all(STATUSES.map(async status => {
    for (let cursor = '', number = 0;;) {
      const page = await boards.tasks(project, status, cursor);
      for (const task of page.tasks) tasks.set(task.id, task);
      number += page.tasks.length;
      if (!page.has_more) return;
      if (number >= COLUMN_MAX) return void cut.push(status);
      cursor = page.cursor;
    }
  }));
  put(tasks, heard);
  if (heardOf.get(project) === heard) heardOf.delete(project);
  return { tasks, cut };
}

function put(tasks: Map<string, Task>, changed: Iterable<[string, Task | null]>): void {
  for (const [id, task] of changed) if (task === null || task.deleted) tasks.delete(id); else tasks.set(id, task);
}

/// Shows tasks as they are now; null for one that is gone.
export function takeTasks(project: string, changed: [string, Task | null][]): void {
  for (const [id, task] of changed) heardOf.get(project)?.set(id, task);
  queryClient.setQueryData<Board>(key(project), old => {
    if (old === undefined) return undefined;
    const tasks = new Map(old.tasks);
    put(tasks, changed);
    return { ...old, tasks };
  });
}

async function one(id: string): Promise<[string, Task | null]> {
  try {
    return [id, await boards.task(id)];
  } catch (failure) {
    if (failure instanceof Problem && failure.code === 'not_found') return [id, null];
    throw failure;
  }
}

/// Moves a task. It is there at once, and back where it was when the node says no.
export async function moveTask(task: Task, to: TaskStatus): Promise<void> {
  takeTasks(task.project_id, [[task.id, { ...task, status: to }]]);
  try {
    takeTasks(task.project_id, [[task.id, await boards.move(task.id, to)]]);
  } catch (failure) {
    takeTasks(task.project_id, [await one(task.id).catch(() => [task.id, task] as [string, Task])]);
    throw failure;
  }
}

/// The tasks of a project. They are asked for once its channel has begun, so that nothing falls in between; what the channel tells is asked for task by task.
export function useBoard(project: string): { board: Board | undefined; error: Error | null; line: LineState } {
  const [following, setFollowing] = useState(false);
  const pending = useRef(new Set<string>());
  const timer = useRef(0);
  const again = () => void queryClient.invalidateQueries({ queryKey: key(project) });
  async function flush() {
    timer.current = 0;
    const ids = [...pending.current];
    pending.current.clear();
    if (ids.length > NEWS_MAX) return again();
    try {
      takeTasks(project, await Promise.all(ids.map(one)));
    } catch {
      again();
    }
  }
  const line = useChannel(`project:${project}`, message => {
    const news = message.data as BoardNews;
    if (news.type === 'lost') return again();
    if (news.type === 'task_log' || news.type === 'board_changed' || news.task_id == null) return;
    pending.current.add(news.task_id);
    timer.current ||= window.setTimeout(() => void flush(), NEWS_MS);
  }, () => {
    if (following) again();
    else setFollowing(true);
  });
  useEffect(() => () => window.clearTimeout(timer.current), []);
  const { data, error } = useQuery({ queryKey: key(project), queryFn: () => load(project), enabled: following, staleTime: 0 });
  return { board: data, error, line };
}
