import * as vscode from 'vscode';

/** Changes the text of a plan file, so that the edit can be undone, and saves it. */
export async function editPlan(uri: vscode.Uri, change: (text: string) => string): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  const edit = new vscode.WorkspaceEdit();
  const everything = new vscode.Range(document.positionAt(0), document.positionAt(document.getText().length));
  edit.replace(uri, everything, change(document.getText()));
  await vscode.workspace.applyEdit(edit);
  await document.save();
}
