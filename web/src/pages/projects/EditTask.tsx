import { useBoard } from '../../api/board';
import type { Project, TaskInFull } from '../../api/boardTypes';
import { EditTaskForm } from './TaskForms';

/// The form with the tasks that can be needed: they are asked for when it opens.
export function EditTask({ project, task, close, done }: { project: Project; task: TaskInFull; close: () => void; done: () => void }) {
  const { board } = useBoard(project.id);
  return <EditTaskForm task={task} board={board} close={close} done={done} />;
}
